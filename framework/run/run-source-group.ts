import type { AssetKey } from "../definition/asset-key.ts";
import { type Failure, mayPassNextTime } from "../definition/failure.ts";
import type { Policy } from "../definition/policy.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { SourceSnapshot } from "../definition/source-port.ts";
import { stoppedFailure } from "../definition/stopped-failure.ts";
import { assetIn } from "../graph/asset-graph.ts";
import { newVersionId } from "../lake/identifiers.ts";
import type { VersionId } from "../lake/records.ts";
import { fingerprintOf, sourcePart } from "../plan/fingerprint.ts";
import type { Step, StepGroup } from "../plan/plan.ts";
import { type Attempt, attempt } from "./attempt.ts";
import { fail, findMade, makeOnce, sayFound, stop, type Work } from "./make-step.ts";
import type { RunSession } from "./run-session.ts";
import { keep, type Ready, type Settlement } from "./settlement.ts";

type Settlements = ReadonlyMap<AssetKey, Settlement>;
type Outcome = Result<Ready | "stopped", Failure>;

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
  const told = new Set<VersionId>();
  const result = await attempt(
    retryPolicy(session, steps),
    session.signal,
    async (own) => {
      const read = await readOnce(session, group, steps, { attempt: own, told });
      if (!read.ok) return read;
      // A reading that was given up may end late, after a later one.
      if (!own.isOver()) last = read.value;
      const passing = read.value.find((outcome) => !outcome.ok && mayPassNextTime(outcome.error));
      return passing && !passing.ok ? passing : ok(undefined);
    },
    {
      started: () => {
        last = [];
      },
      retried: (number, waitMs, failure) => {
        for (const [index, { asset, make }] of steps.entries()) {
          const outcome = last[index];
          if (outcome === undefined ? make.do === "run" : !outcome.ok)
            emit({ type: "step.retried", asset, attempt: number, waitMs, failure });
        }
      },
      mayRetry: () => !session.slots.isStopped(),
    },
  );
  return new Map(
    steps.map((step, index) => {
      const { asset } = step;
      const outcome = last[index] ?? (result.ok ? undefined : withoutSnapshot(session, step, result.error));
      if (outcome === undefined) throw new Error(`Internal error: ${asset} was not read`);
      if (!outcome.ok) return [asset, fail(session, asset, outcome.error, started)];
      return [asset, outcome.value === "stopped" ? stop(session, asset) : outcome.value];
    }),
  );
}

/** What becomes of a step whose snapshot could not be opened: what is fresh by the plan stays so. */
function withoutSnapshot(session: RunSession, step: Step, failure: Failure): Outcome {
  const entry = session.published(step.asset);
  return step.make.do === "fresh" && entry ? ok(keep(step.asset, entry)) : err(failure);
}

interface Reading {
  readonly attempt: Attempt;
  /** The versions that this run has told of: found again on a later snapshot, they are no news. */
  readonly told: Set<VersionId>;
}

async function readOnce(
  session: RunSession,
  group: StepGroup,
  steps: readonly Step[],
  reading: Reading,
): Promise<Result<readonly Outcome[], Failure>> {
  const opened = await openSnapshot(session, group.source ?? "", steps, reading.attempt.signal);
  if (!opened.ok) return opened;
  const snapshot = opened.value;
  const moment = newVersionId();
  const tables = steps.map((step) => readTable(session, step, { ...reading, snapshot, moment }));
  try {
    return ok(await Promise.all(tables));
  } finally {
    await Promise.allSettled(tables);
    await snapshot.close();
  }
}

async function openSnapshot(
  session: RunSession,
  source: string,
  steps: readonly Step[],
  signal: AbortSignal,
): Promise<Result<SourceSnapshot, Failure>> {
  const { graph, sourceEngine } = session.request;
  const engine = await sourceEngine(source);
  if (!engine.ok) return engine;
  const tables = steps.map((step) => ({
    table: tableOf(session, step),
    schema: assetIn(graph, step.asset).schema,
  }));
  const open = async (own: Attempt): Promise<Result<SourceSnapshot, Failure>> => {
    const snapshot = await engine.value.open(tables, own.signal);
    // One that comes too late has nobody to read from it.
    if (snapshot.ok && own.isOver()) await snapshot.value.close();
    return snapshot;
  };
  return attempt(openPolicy(session, steps), signal, open, {
    started: () => undefined,
    retried: () => undefined,
  });
}

async function readTable(
  session: RunSession,
  step: Step,
  reading: Reading & { readonly snapshot: SourceSnapshot; readonly moment: string },
): Promise<Outcome> {
  const { asset } = step;
  const { emit, graph, plan, run } = session.request;
  const { attempt: whole, moment, snapshot, told } = reading;
  const table = tableOf(session, step);
  const token = snapshot.tokens.get(table);
  if (token === undefined) throw new Error(`Internal error: the snapshot has no token of ${table}`);
  const fingerprint = fingerprintOf([...step.ownParts, sourcePart(token)]);
  let work: Work = { step, fingerprint, inputs: [], source: token, snapshot: moment, isReadAgain: false };
  if (!plan.forced) {
    const found = await findMade(session, work);
    if (!found.ok) return found;
    // A weak token does not prove that what an earlier attempt has read is what this snapshot holds.
    const isReadAgain = found.value?.entry.run === run && !found.value.moments.includes(moment);
    if (found.value && !isReadAgain) {
      if (!whole.isOver() && !told.has(found.value.entry.version)) sayFound(session, work, found.value);
      told.add(found.value.entry.version);
      return ok(found.value);
    }
    work = { ...work, isReadAgain };
  }
  const { policy } = assetIn(graph, asset);
  const slot = { priority: session.priorityOf(asset), name: asset, pool: policy.pool };
  const made = await session.slots.reserve(slot).use(async () => {
    if (whole.signal.aborted) return err(stoppedFailure(whole.signal));
    return await attempt(
      policy.timeoutMs === undefined ? {} : { timeoutMs: policy.timeoutMs },
      whole.signal,
      (own) => makeOnce(session, work, async () => ok(snapshot.read(table)), own),
      {
        started: () => emit({ type: "step.started", asset, attempt: whole.number }),
        retried: () => undefined,
      },
    );
  });
  if (made === "stopped") return ok(made);
  if (made.ok) told.add(made.value.entry.version);
  return made;
}

function tableOf(session: RunSession, step: Step): string {
  const { making } = assetIn(session.request.graph, step.asset);
  if (making.kind !== "copy") throw new Error(`Internal error: ${step.asset} is no copy`);
  return making.table;
}

/** The group is tried as often as its most patient member asks. */
function retryPolicy(session: RunSession, steps: readonly Step[]): Policy {
  const retries = steps.flatMap(({ asset }) => {
    const { retry } = assetIn(session.request.graph, asset).policy;
    return retry ? [retry] : [];
  });
  const retry = retries.sort((a, b) => b.times - a.times)[0];
  return retry ? { retry } : {};
}

/** Each table has its own time to be read; to open the snapshot takes no longer than the slowest of them may. */
function openPolicy(session: RunSession, steps: readonly Step[]): Policy {
  const timeouts = steps.map(({ asset }) => assetIn(session.request.graph, asset).policy.timeoutMs);
  const longest = Math.max(...timeouts.map((timeoutMs) => timeoutMs ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(longest) ? { timeoutMs: longest } : {};
}
