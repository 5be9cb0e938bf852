import type { AssetKey } from "../definition/asset-key.ts";
import { type Failure, mayPassNextTime } from "../definition/failure.ts";
import type { Policy } from "../definition/policy.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { SourceSnapshot } from "../definition/source-port.ts";
import { assetIn } from "../graph/asset-graph.ts";
import { newVersionId } from "../lake/identifiers.ts";
import type { VersionId } from "../lake/records.ts";
import type { Step, StepGroup } from "../plan/plan.ts";
import { type Attempt, attempt } from "./attempt.ts";
import { fail, stop } from "./make-step.ts";
import { copied, type Outcome, readTable } from "./read-table.ts";
import type { RunSession } from "./run-session.ts";
import { keep, type Settlement } from "./settlement.ts";

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
  const told = new Set<VersionId>();
  const result = await attempt(
    retryPolicy(session, steps),
    session.signal,
    async (own) => {
      const read = await readOnce(session, steps, own, told);
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

async function readOnce(
  session: RunSession,
  steps: readonly Step[],
  whole: Attempt,
  told: Set<VersionId>,
): Promise<Result<readonly Outcome[], Failure>> {
  const opened = await openSnapshot(session, steps, whole.signal);
  if (!opened.ok) return opened;
  const snapshot = opened.value;
  const moment = newVersionId();
  // What a source has to say is of no one table; it is said where the reading begins, and once.
  if (whole.number === 1 && !whole.isOver()) {
    const asset = first(steps).asset;
    for (const message of snapshot.warnings) session.request.emit({ type: "step.logged", asset, message });
  }
  const tables = steps.map((step) => readTable(session, step, { attempt: whole, told, snapshot, moment }));
  try {
    return ok(await Promise.all(tables));
  } finally {
    await Promise.allSettled(tables);
    await snapshot.close();
  }
}

async function openSnapshot(
  session: RunSession,
  steps: readonly Step[],
  signal: AbortSignal,
): Promise<Result<SourceSnapshot, Failure>> {
  const { graph, sourceEngine } = session.request;
  const engine = await sourceEngine(copied(session, first(steps)).source);
  if (!engine.ok) return engine;
  const tables = steps.map((step) => ({
    table: copied(session, step).table,
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

function first(steps: readonly Step[]): Step {
  const [step] = steps;
  if (step === undefined) throw new Error("Internal error: a group of no steps");
  return step;
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
