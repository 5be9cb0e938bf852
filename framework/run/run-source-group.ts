import type { AssetKey } from "../definition/asset-key.ts";
import { type Failure, mayPassNextTime } from "../definition/failure.ts";
import type { Policy } from "../definition/policy.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { SourceSnapshot } from "../definition/source-port.ts";
import { assetIn } from "../graph/asset-graph.ts";
import { newVersionId } from "../lake/identifiers.ts";
import { fingerprintOf, sourcePart } from "../plan/fingerprint.ts";
import type { Step, StepGroup } from "../plan/plan.ts";
import { attempt } from "./attempt.ts";
import { fail, findMade, makeOnce, sayFound, stop, type Work } from "./make-step.ts";
import type { RunSession } from "./run-session.ts";
import type { Settlement } from "./settlement.ts";

type Settlements = ReadonlyMap<AssetKey, Settlement>;

/**
 * Settles all copies of one source that a run selects: one snapshot, whose tokens decide what is read from it. A table
 * that the plan took for fresh, but that is another by now, is read too: a run never mixes two moments.
 *
 * A failure that may pass next time gives up the whole snapshot and tries again on a new one. Versions that were made are
 * kept in the lake under the token of their rows; nothing is published unless all is well.
 */
export async function runSourceGroup(session: RunSession, group: StepGroup): Promise<Settlements> {
  const steps = group.assets.map((asset) => session.steps.get(asset) as Step);
  const started = performance.now();
  const { emit } = session.request;
  if (session.signal.aborted) return new Map(steps.map((step) => [step.asset, stop(session, step.asset)]));
  let last: readonly Outcome[] = [];
  const result = await attempt(
    groupPolicy(session, steps),
    session.signal,
    async (signal, number) => {
      last = [];
      const read = await readOnce(session, group.source ?? "", steps, signal, number);
      if (!read.ok) return read;
      last = read.value;
      const passing = last.find((outcome) => !outcome.ok && mayPassNextTime(outcome.error));
      return passing && !passing.ok ? passing : ok(undefined);
    },
    {
      started: () => undefined,
      retried: (attempt, waitMs, failure) => {
        for (const { asset, make } of steps) {
          if (make.do === "run") emit({ type: "step.retried", asset, attempt, waitMs, failure });
        }
      },
    },
  );
  return new Map(
    steps.map((step, index) => {
      const outcome = last[index] ?? (result.ok ? undefined : withoutSnapshot(session, step, result.error));
      if (outcome === undefined) throw new Error(`Internal error: ${step.asset} was not read`);
      return [step.asset, outcome.ok ? outcome.value : fail(session, step.asset, outcome.error, started)];
    }),
  );
}

type Outcome = Result<Settlement, Failure>;

/** What becomes of a step whose snapshot could not be opened: what is fresh by the plan stays so. */
function withoutSnapshot(session: RunSession, step: Step, failure: Failure): Outcome {
  const { asset } = step;
  const entry = session.published(asset);
  if (step.make.do !== "fresh" || entry === undefined) return err(failure);
  return ok({ state: "ready", asset, entry, changed: false, moment: entry.snapshot });
}

async function readOnce(
  session: RunSession,
  source: string,
  steps: readonly Step[],
  signal: AbortSignal,
  number: number,
): Promise<Result<readonly Outcome[], Failure>> {
  const { graph, sourceEngine } = session.request;
  const engine = await sourceEngine(source);
  if (!engine.ok) return engine;
  const tables = steps.map((step) => ({
    table: tableOf(session, step),
    schema: assetIn(graph, step.asset).schema,
  }));
  const snapshot = await engine.value.open(tables, signal);
  if (!snapshot.ok) return snapshot;
  const moment = newVersionId();
  try {
    const reading = steps.map((step) => readTable(session, step, snapshot.value, moment, signal, number));
    return ok(await Promise.all(reading));
  } finally {
    await snapshot.value.close();
  }
}

async function readTable(
  session: RunSession,
  step: Step,
  snapshot: SourceSnapshot,
  moment: string,
  signal: AbortSignal,
  number: number,
): Promise<Outcome> {
  const { asset } = step;
  const { emit, graph, plan } = session.request;
  const table = tableOf(session, step);
  const token = snapshot.tokens.get(table);
  if (token === undefined) throw new Error(`Internal error: the snapshot has no token of ${table}`);
  const fingerprint = fingerprintOf([...step.ownParts, sourcePart(token)]);
  const work: Work = { step, fingerprint, inputs: [], source: token, snapshot: moment };
  if (!plan.forced) {
    const found = await findMade(session, work);
    if (!found.ok) return found;
    if (found.value) {
      sayFound(session, work, found.value);
      // A weak token does not prove that these rows are those of the snapshot.
      return ok(
        token.strength === "strong" ? found.value : { ...found.value, moment: found.value.entry.snapshot },
      );
    }
  }
  const slot = { priority: session.priorityOf(asset), name: asset, pool: assetIn(graph, asset).policy.pool };
  const made = await session.slots.use(slot, () => {
    emit({ type: "step.started", asset, attempt: number });
    return makeOnce(session, work, async () => ok(snapshot.read(table)), signal);
  });
  return made === "stopped" ? ok(stop(session, asset)) : made;
}

function tableOf(session: RunSession, step: Step): string {
  const { making } = assetIn(session.request.graph, step.asset);
  if (making.kind !== "copy") throw new Error(`Internal error: ${step.asset} is no copy`);
  return making.table;
}

/** The group is tried as often as its most patient member asks, and has as long as its slowest. */
function groupPolicy(session: RunSession, steps: readonly Step[]): Policy {
  const policies = steps.map((step) => assetIn(session.request.graph, step.asset).policy);
  const retries = policies.flatMap((policy) => (policy.retry ? [policy.retry] : []));
  const retry = retries.sort((a, b) => b.times - a.times)[0];
  const timeouts = policies.map((policy) => policy.timeoutMs ?? Number.POSITIVE_INFINITY);
  const timeoutMs = Math.max(...timeouts);
  return { ...(retry && { retry }), ...(Number.isFinite(timeoutMs) && { timeoutMs }) };
}
