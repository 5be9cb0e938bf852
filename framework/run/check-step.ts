import type { AssetKey } from "../definition/asset-key.ts";
import type { Check, CheckOutcome } from "../definition/check.ts";
import type { Failure } from "../definition/failure.ts";
import type { Result } from "../definition/result.ts";
import { assetIn } from "../graph/asset-graph.ts";
import type { AssetSpec } from "../graph/asset-spec.ts";
import type { CheckRecord, DataVersion, EnvironmentEntry } from "../lake/records.ts";
import { isOneMoment, type KeySide } from "../plan/one-moment.ts";
import { checkText, evaluateChecks, standingRecord } from "./evaluate-checks.ts";
import type { RunSession } from "./run-session.ts";
import { keep, type Ready, type Settlement } from "./settlement.ts";

type ForeignKeyCheck = Extract<Check, { readonly kind: "foreign-key" }>;

/** Evaluates the checks that look at the asset's own rows alone: what is made from them waits for that. */
export async function settleOwnChecks(session: RunSession, settlement: Settlement): Promise<Settlement> {
  if (settlement.state !== "ready") return settlement;
  const own = assetIn(session.request.graph, settlement.asset).checks.filter(
    ({ kind }) => kind !== "foreign-key",
  );
  return await settleChecks(session, settlement, own, new Map());
}

/** Evaluates the foreign keys of an asset once both sides have settled. */
export async function settleForeignKeys(
  session: RunSession,
  asset: AssetKey,
  settling: ReadonlyMap<AssetKey, Promise<Settlement>>,
): Promise<Settlement> {
  const settlement = (await settling.get(asset)) as Settlement;
  if (settlement.state !== "ready") return settlement;
  const checks: Check[] = [];
  const references = new Map<AssetKey, EnvironmentEntry>();
  for (const check of assetIn(session.request.graph, asset).checks) {
    if (check.kind !== "foreign-key") continue;
    const to = check.references.asset;
    const published = session.published(to);
    const other = (await settling.get(to)) ?? (published && keep(to, published));
    if (other?.state !== "ready") {
      const because = other ? `${to} was not made` : `${to} was never made`;
      session.request.emit({ type: "check.not-evaluated", asset, check: check.id, because });
      continue;
    }
    references.set(to, other.entry);
    checks.push(effective(session, check, settlement, other));
  }
  return await settleChecks(session, settlement, checks, references);
}

/** The check as it counts in this run: between rows of two moments it only warns. */
function effective(session: RunSession, check: ForeignKeyCheck, from: Ready, to: Ready): Check {
  if (check.severity === "warning" || from.asset === to.asset) return check;
  const sideOf = ({ asset, entry, moments }: Ready): KeySide => {
    const { making } = assetIn(session.request.graph, asset);
    const source = making.kind === "copy" ? making.source : null;
    return { source, moments, run: entry.run, isSelected: session.steps.has(asset) };
  };
  return isOneMoment(sideOf(from), sideOf(to)) ? check : { ...check, severity: "warning" };
}

async function settleChecks(
  session: RunSession,
  settlement: Ready,
  checks: readonly Check[],
  references: ReadonlyMap<AssetKey, EnvironmentEntry>,
): Promise<Settlement> {
  const { asset, entry } = settlement;
  const { compute, emit, now, plan } = session.request;
  const standing: CheckRecord[] = [];
  const due: Check[] = [];
  for (const check of checks) {
    const record = plan.forced
      ? undefined
      : standingRecord(check, session.published(asset), entry.dataVersion, referredRows(check, references));
    // What only warned because two moments met may block now, and the other way round.
    if (record === undefined || (record.outcome.status === "failed" && record.severity !== check.severity))
      due.push(check);
    else standing.push(record);
  }
  const started = performance.now();
  const slot = { priority: session.priorityOf(asset), name: `${asset} checks`, pool: undefined };
  const evaluated: Result<readonly CheckRecord[], Failure> | "stopped" =
    due.length === 0
      ? { ok: true, value: [] }
      : await session.slots.reserve(slot).use(() =>
          evaluateChecks(compute, session.reader, {
            checks: due,
            asset,
            entry,
            references,
            signal: session.signal,
            now,
          }),
        );
  if (evaluated === "stopped") {
    for (const { id } of due)
      emit({ type: "check.not-evaluated", asset, check: id, because: "the run was stopped" });
    return { state: "skipped", asset, because: "stopped" };
  }
  const durationMs = Math.round(performance.now() - started);
  if (!evaluated.ok) {
    for (const { id } of due)
      emit({ type: "check.not-evaluated", asset, check: id, because: evaluated.error.message });
    return failed(session, asset, evaluated.error, durationMs);
  }
  for (const record of evaluated.value) tell(session, asset, record, durationMs);
  const blocking = evaluated.value.filter(
    ({ outcome, severity }) => outcome.status === "failed" && severity === "blocking",
  );
  if (blocking.length > 0)
    return failed(session, asset, checkFailure(session, settlement, blocking), durationMs);
  const records = [...entry.checks, ...standing, ...evaluated.value].filter(
    (record, index, all) => all.findLastIndex(({ id }) => id === record.id) === index,
  );
  const ids = new Set(assetIn(session.request.graph, asset).checks.map(({ id }) => id));
  const kept = records.filter(({ id }) => ids.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { ...settlement, entry: { ...entry, checks: kept } };
}

function tell(session: RunSession, asset: AssetKey, record: CheckRecord, durationMs: number): void {
  const { id: check, outcome, severity } = record;
  if (outcome.status === "passed") session.request.emit({ type: "check.passed", asset, check, durationMs });
  else if (severity === "warning") session.request.emit({ type: "check.warned", asset, check, outcome });
  else session.request.emit({ type: "check.failed", asset, check, severity, outcome });
}

function failed(session: RunSession, asset: AssetKey, failure: Failure, durationMs: number): Settlement {
  session.request.emit({ type: "step.failed", asset, failure, durationMs });
  session.failed();
  return { state: "failed", asset, failure };
}

function checkFailure(
  session: RunSession,
  { asset, entry }: Ready,
  records: readonly CheckRecord[],
): Failure {
  const { graph, plan } = session.request;
  const spec = assetIn(graph, asset);
  const texts = records.map((record) => {
    const check = spec.checks.find(({ id }) => id === record.id) as Check;
    return { text: checkText(check, record.outcome), sample: sampleLines(record.outcome) };
  });
  const count = records.length === 1 ? "check failed" : `${records.length} checks failed`;
  const keeps = session.published(asset)
    ? `${plan.environment} keeps the version it has`
    : "nothing was published";
  return {
    reason: "check-failed",
    checks: records.map(({ id }) => id),
    message: `${count}: ${texts.map(({ text }) => text).join("; ")}`,
    hint: `${keeps}; ${remedy(spec, entry)}`,
    detail: texts.flatMap(({ sample }) => sample),
  };
}

/** Another run reuses these very rows, unless something that can be seen has changed: where it may not be, force helps. */
function remedy({ key, kind, position }: AssetSpec, { source }: EnvironmentEntry): string {
  const place = position ? ` (${position.file}:${position.line})` : "";
  const mend = `mend the rows where they come from, or what is declared of them${place}`;
  const isHidden = kind === "function" || source?.strength === "weak";
  return isHidden
    ? `${mend}; these rows are kept until the work changes, or until --select ${key} --force`
    : mend;
}

function sampleLines(outcome: CheckOutcome): readonly string[] {
  if (outcome.status !== "failed") return [];
  return outcome.sample.map((row) =>
    row
      .map(
        (value, index) =>
          `${outcome.sampleColumns[index]}=${value === null ? "null" : JSON.stringify(value)}`,
      )
      .join("  "),
  );
}

function referredRows(
  check: Check,
  references: ReadonlyMap<AssetKey, EnvironmentEntry>,
): Readonly<Record<AssetKey, DataVersion>> {
  const entry = check.kind === "foreign-key" ? references.get(check.references.asset) : undefined;
  return check.kind === "foreign-key" && entry ? { [check.references.asset]: entry.dataVersion } : {};
}
