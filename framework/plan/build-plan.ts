import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import { type AssetGraph, assetIn } from "../graph/asset-graph.ts";
import type { AssetSpec } from "../graph/asset-spec.ts";
import type { DataVersion, EnvironmentEntry, FingerprintPart } from "../lake/records.ts";
import { fingerprintOf, inputPart, ownParts, sourcePart } from "./fingerprint.ts";
import { isBlocking } from "./one-moment.ts";
import type { Make, Plan, PlannedCheck, Reason, Step } from "./plan.ts";
import { type Foreseen, planChecks } from "./plan-checks.ts";
import { planRefusal } from "./plan-refusal.ts";
import { type PlanRequest, sourceOf } from "./plan-request.ts";
import { staleReasons } from "./stale-reasons.ts";
import { stepGroups } from "./step-groups.ts";

/** A piece of work whose record the plan needs to know of. */
export interface WantedWork {
  readonly asset: AssetKey;
  readonly fingerprint: string;
}

/** A plan; or the work that must be looked up in the lake before there can be one; or why there can be none. */
export type PlanOutcome =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "wanted"; readonly work: readonly WantedWork[] }
  | { readonly kind: "failed"; readonly failure: Failure };

/** The name of a piece of work in {@link PlanRequest.recorded}. */
export function workName(work: WantedWork): string {
  return `${work.asset} ${work.fingerprint}`;
}

/**
 * Decides what a run will do. Pure: whoever calls it reads the lake, and calls again with what was wanted until there is
 * a plan. Where nothing is stale, nothing is wanted, so that a plan without work is one read of the environment.
 */
export function buildPlan(request: PlanRequest): PlanOutcome {
  const { graph, selected } = request;
  const entryOf = (key: AssetKey): EnvironmentEntry | undefined => request.environment?.assets[key];
  const refusal = planRefusal(request);
  if (refusal) return { kind: "failed", failure: refusal };

  const inPlan = new Set(selected);
  const wanted: WantedWork[] = [];
  const decided = new Map<AssetKey, Decision>();
  const foreseen = (key: AssetKey): Foreseen => {
    const decision = decided.get(key);
    if (decision === undefined) return inPlan.has(key) ? "unknown" : (entryOf(key)?.dataVersion ?? "missing");
    return dataVersionAfter(decision.make) ?? "unknown";
  };
  for (const key of selected) {
    decided.set(key, decide(assetIn(graph, key), request, entryOf(key), foreseen, wanted));
  }
  if (wanted.length > 0) return { kind: "wanted", work: wanted };

  const checks = new Map(
    selected.map((key) => {
      const { make } = decided.get(key) as Decision;
      const asset = { checks: assetIn(graph, key).checks, make, entry: entryOf(key), foreseen };
      return [key, planChecks({ ...asset, blocks: (check) => isBlocking(request, key, check) })] as const;
    }),
  );
  const needsSource = (key: AssetKey): boolean =>
    decided.get(key)?.make.do !== "fresh" || checksWithin(graph, key, checks.get(key) ?? []);
  const groups = stepGroups(graph, selected, needsSource);
  const groupOf = new Map(groups.flatMap((group) => group.assets.map((key) => [key, group.id] as const)));
  const steps = selected.map((key): Step => {
    const spec = assetIn(graph, key);
    const entry = entryOf(key);
    const { make, reasons, parts, complete } = decided.get(key) as Decision;
    return Object.freeze({
      asset: key,
      partitions: "whole",
      make,
      reasons,
      checks: checks.get(key) ?? [],
      fingerprint: complete ? fingerprintOf(parts) : null,
      ownParts: ownParts(spec, contextOf(request, key)),
      source: request.tokens.get(key) ?? null,
      inputs: spec.inputs,
      expected: entry ? { rows: entry.rows, durationMs: entry.durationMs } : null,
      group: groupOf.get(key) ?? key,
    });
  });
  return { kind: "plan", plan: frozenPlan(request, steps, groups, entryOf) };
}

interface Decision {
  readonly make: Make;
  readonly reasons: readonly Reason[];
  /** The fingerprint's parts, as far as they are known. */
  readonly parts: readonly FingerprintPart[];
  readonly complete: boolean;
}

function decide(
  spec: AssetSpec,
  request: PlanRequest,
  entry: EnvironmentEntry | undefined,
  foreseen: (key: AssetKey) => Foreseen,
  wanted: WantedWork[],
): Decision {
  const token = request.tokens.get(spec.key);
  const parts = [...ownParts(spec, contextOf(request, spec.key))];
  if (token) parts.push(sourcePart(token));
  const mayChange: Reason[] = [];
  for (const { name, asset } of spec.inputs) {
    const rows = foreseen(asset);
    if (rows === "unknown" || rows === "missing")
      mayChange.push({ because: "input-may-change", input: name, asset });
    else parts.push(inputPart(name, rows));
  }
  const unknown = new Set(
    mayChange.flatMap((reason) => ("input" in reason ? [`input:${reason.input}`] : [])),
  );
  const reasons = staleReasons(entry, parts, spec, token, unknown);
  if (request.force)
    return { make: { do: "run" }, reasons: [{ because: "forced" }], parts, complete: unknown.size === 0 };
  if (unknown.size > 0) {
    const make: Make = reasons.length > 0 ? { do: "run" } : { do: "if-changed" };
    return { make, reasons: [...reasons, ...mayChange], parts, complete: false };
  }
  const { digest } = fingerprintOf(parts);
  if (entry?.fingerprint.digest === digest) {
    const make: Make = { do: "fresh", version: entry.version, dataVersion: entry.dataVersion };
    return { make, reasons: [], parts, complete: true };
  }
  const work = { asset: spec.key, fingerprint: digest };
  const record = request.recorded.get(workName(work));
  if (record === undefined) wanted.push(work);
  if (!record) return { make: { do: "run" }, reasons, parts, complete: true };
  const { version, dataVersion, madeAt, run } = record;
  return { make: { do: "reuse", version, dataVersion, madeAt, run }, reasons, parts, complete: true };
}

function contextOf(
  request: PlanRequest,
  key: AssetKey,
): { readonly engine: string; readonly codeVersion: string } {
  const codeVersion = request.codeVersions.get(key);
  if (codeVersion === undefined) throw new Error(`Internal error: no code version of ${key}`);
  return { engine: request.engine, codeVersion };
}

function dataVersionAfter(make: Make): DataVersion | undefined {
  return make.do === "fresh" || make.do === "reuse" ? make.dataVersion : undefined;
}

/** Whether a foreign key is due that leads to another copy of the same source. */
function checksWithin(graph: AssetGraph, key: AssetKey, planned: readonly PlannedCheck[]): boolean {
  const source = sourceOf(graph, key);
  const due = new Set(planned.filter((check) => check.do !== "fresh").map(({ id }) => id));
  return assetIn(graph, key).checks.some(
    (check) =>
      check.kind === "foreign-key" && due.has(check.id) && sourceOf(graph, check.references.asset) === source,
  );
}

function frozenPlan(
  request: PlanRequest,
  steps: readonly Step[],
  groups: Plan["groups"],
  entryOf: (key: AssetKey) => EnvironmentEntry | undefined,
): Plan {
  const read = new Set<AssetKey>(steps.map((step) => step.asset));
  for (const step of steps) {
    for (const input of step.inputs) read.add(input.asset);
    for (const check of assetIn(request.graph, step.asset).checks) {
      if (check.kind === "foreign-key") read.add(check.references.asset);
    }
  }
  const entries: Record<AssetKey, Plan["entries"][AssetKey]> = {};
  for (const key of [...read].sort()) {
    const entry = entryOf(key);
    entries[key] = entry ? { version: entry.version, dataVersion: entry.dataVersion } : null;
  }
  return Object.freeze({
    formatVersion: 1,
    project: request.graph.project,
    environment: request.environmentName,
    selection: request.selection,
    lake: request.lake,
    sources: request.sources,
    forced: request.force,
    plannedAt: request.now,
    entries: Object.freeze(entries),
    steps: Object.freeze(steps),
    groups: Object.freeze(groups.map((group) => Object.freeze(group))),
  });
}
