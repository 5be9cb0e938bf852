import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { SourceSnapshot } from "../definition/source-port.ts";
import { stoppedFailure } from "../definition/stopped-failure.ts";
import { assetIn } from "../graph/asset-graph.ts";
import type { VersionId } from "../lake/records.ts";
import { fingerprintOf, sourcePart } from "../plan/fingerprint.ts";
import type { Step } from "../plan/plan.ts";
import { type Attempt, attempt } from "./attempt.ts";
import { findMade, makeOnce, sayFound, type Work } from "./make-step.ts";
import type { RunSession } from "./run-session.ts";
import type { Ready } from "./settlement.ts";

/** One attempt at all tables of a group: on one snapshot. */
export interface Reading {
  readonly attempt: Attempt;
  readonly snapshot: SourceSnapshot;
  /** Names the snapshot in the lake. */
  readonly moment: string;
  /** The versions that this run has told of: found again on a later snapshot, they are no news. */
  readonly told: Set<VersionId>;
}

export type Outcome = Result<Ready | "stopped", Failure>;

/** Settles one table: its version under the snapshot's token, found or read now. */
export async function readTable(session: RunSession, step: Step, reading: Reading): Promise<Outcome> {
  const { asset } = step;
  const { graph, plan, run } = session.request;
  const { attempt: whole, moment, snapshot, told } = reading;
  const { table } = copied(session, step);
  const token = snapshot.tokens.get(table);
  if (token === undefined) throw new Error(`Internal error: the snapshot has no token of ${table}`);
  const fingerprint = fingerprintOf([...step.ownParts, sourcePart(token)]);
  let work: Work = { step, fingerprint, inputs: [], source: token, snapshot: moment, isReadAgain: false };
  const { policy } = assetIn(graph, asset);
  const place = session.slots.reserve({
    priority: session.priorityOf(asset),
    name: asset,
    pool: policy.pool,
  });
  try {
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
    const made = await place.use(() => readRows(session, work, snapshot, whole));
    if (made !== "stopped" && made.ok) told.add(made.value.entry.version);
    return made === "stopped" ? ok(made) : made;
  } finally {
    place.leave();
  }
}

async function readRows(
  session: RunSession,
  work: Work,
  snapshot: SourceSnapshot,
  whole: Attempt,
): Promise<Result<Ready, Failure>> {
  if (whole.signal.aborted) return err(stoppedFailure(whole.signal));
  const { asset } = work.step;
  const { timeoutMs } = assetIn(session.request.graph, asset).policy;
  return await attempt(
    timeoutMs === undefined ? {} : { timeoutMs },
    whole.signal,
    (own) => makeOnce(session, work, async () => ok(snapshot.read(copied(session, work.step).table)), own),
    {
      started: () => session.request.emit({ type: "step.started", asset, attempt: whole.number }),
      retried: () => undefined,
    },
  );
}

/** What a step copies. */
export function copied(session: RunSession, step: Step): { readonly source: string; readonly table: string } {
  const { making } = assetIn(session.request.graph, step.asset);
  if (making.kind !== "copy") throw new Error(`Internal error: ${step.asset} is no copy`);
  return making;
}
