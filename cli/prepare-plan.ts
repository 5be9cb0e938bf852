import type { AssetKey } from "../framework/definition/asset-key.ts";
import type { Failure } from "../framework/definition/failure.ts";
import { err, ok, type Result } from "../framework/definition/result.ts";
import type { SourceToken } from "../framework/definition/source-token.ts";
import { assetIn } from "../framework/graph/asset-graph.ts";
import type { Environment, WorkRecord } from "../framework/lake/records.ts";
import { findWork } from "../framework/lake/work-index.ts";
import { buildPlan, type WantedWork, workName } from "../framework/plan/build-plan.ts";
import type { Plan } from "../framework/plan/plan.ts";
import type { ProjectSession } from "./project-session.ts";

export interface PlanOptions {
  /** In topological order. */
  readonly selected: readonly AssetKey[];
  readonly selection: string;
  readonly force: boolean;
  /** Whether it is only looked at: what a run would refuse is no reason not to look. */
  readonly isOnlyLook?: boolean;
}

/** Looks at the sources and the lake, and builds the plan. Reads only. */
export async function preparePlan(
  session: ProjectSession,
  environment: Environment | undefined,
  options: PlanOptions,
  signal: AbortSignal,
): Promise<Result<Plan, Failure>> {
  const observed = await observeSources(session, options.selected, signal);
  if (!observed.ok) return observed;
  const recorded = new Map<string, WorkRecord | null>();
  for (;;) {
    const outcome = buildPlan({
      graph: session.graph,
      ...options,
      environmentName: session.environmentName,
      environment,
      codeVersions: session.codeVersions,
      engine: `${session.compute.kind} ${session.compute.version}`,
      tokens: observed.value.tokens,
      recorded,
      lake: session.store.label,
      sources: observed.value.labels,
      now: new Date().toISOString(),
    });
    if (outcome.kind === "plan") return ok(outcome.plan);
    if (outcome.kind === "failed") return err(outcome.failure);
    const read = await lookUp(session, outcome.work);
    if (!read.ok) return read;
    for (const [name, record] of read.value) recorded.set(name, record);
  }
}

interface Observed {
  readonly tokens: ReadonlyMap<AssetKey, SourceToken>;
  readonly labels: Readonly<Record<string, string>>;
}

async function observeSources(
  session: ProjectSession,
  selected: readonly AssetKey[],
  signal: AbortSignal,
): Promise<Result<Observed, Failure>> {
  const bySource = new Map<string, { readonly asset: AssetKey; readonly table: string }[]>();
  for (const key of selected) {
    const { making } = assetIn(session.graph, key);
    if (making.kind !== "copy") continue;
    bySource.set(making.source, [
      ...(bySource.get(making.source) ?? []),
      { asset: key, table: making.table },
    ]);
  }
  const tokens = new Map<AssetKey, SourceToken>();
  const labels: Record<string, string> = {};
  for (const [source, copies] of bySource) {
    const engine = await session.sourceEngine(source);
    if (!engine.ok) return engine;
    labels[source] = engine.value.label;
    const requests = copies.map(({ asset, table }) => ({
      table,
      schema: assetIn(session.graph, asset).schema,
    }));
    const observed = await engine.value.observe(requests, signal);
    if (!observed.ok) return observed;
    for (const { asset, table } of copies) {
      const token = observed.value.get(table);
      if (token) tokens.set(asset, token);
    }
  }
  return ok({ tokens, labels });
}

async function lookUp(
  session: ProjectSession,
  wanted: readonly WantedWork[],
): Promise<Result<ReadonlyMap<string, WorkRecord | null>, Failure>> {
  const found = await Promise.all(
    wanted.map((work) => findWork(session.store, work.asset, work.fingerprint)),
  );
  const records = new Map<string, WorkRecord | null>();
  for (const [index, work] of wanted.entries()) {
    const result = found[index];
    if (result === undefined) continue;
    if (!result.ok) return result;
    records.set(workName(work), result.value?.record ?? null);
  }
  return ok(records);
}

/** Whether a run of the plan would do anything at all. */
export function hasWork(plan: Plan): boolean {
  return plan.steps.some(
    (step) => step.make.do !== "fresh" || step.checks.some((check) => check.do !== "fresh"),
  );
}
