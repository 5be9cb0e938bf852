import { rm } from "node:fs/promises";
import type { AssetKey } from "../definition/asset-key.ts";
import type { RowSource, StoredRelation } from "../definition/compute-port.ts";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { SourceToken } from "../definition/source-token.ts";
import { stoppedFailure } from "../definition/stopped-failure.ts";
import { assetIn } from "../graph/asset-graph.ts";
import { newVersionId } from "../lake/identifiers.ts";
import type { EnvironmentEntry, Fingerprint, InputRead } from "../lake/records.ts";
import { partObject, versionExists } from "../lake/versions.ts";
import { findWork, workObject } from "../lake/work-index.ts";
import type { Step } from "../plan/plan.ts";
import type { Attempt } from "./attempt.ts";
import { commitVersion } from "./commit-version.ts";
import type { RunSession } from "./run-session.ts";
import { entryOf, keep, momentsOf, type Ready, type Settlement } from "./settlement.ts";

/** How often, at most, a step says how far it is. */
const progressEveryMs = 200;

/** A piece of work whose fingerprint is known: the inputs have settled, or the source's snapshot is open. */
export interface Work {
  readonly step: Step;
  readonly fingerprint: Fingerprint;
  readonly inputs: readonly InputRead[];
  readonly source: SourceToken | null;
  readonly snapshot: string | null;
  /** Whether this run did it already, but from a snapshot that it gave up. */
  readonly isReadAgain: boolean;
}

/** The version that already stands for the work, in the environment or elsewhere in the lake; undefined: it is to be done. */
export async function findMade(session: RunSession, work: Work): Promise<Result<Ready | undefined, Failure>> {
  const { asset } = work.step;
  const entry = session.published(asset);
  if (entry?.fingerprint.digest === work.fingerprint.digest) {
    return ok({ ...keep(asset, entry), moments: knownMoments(work, entry) });
  }
  const found = await findWork(session.request.store, asset, work.fingerprint.digest);
  if (!found.ok) return found;
  if (found.value === undefined) return ok(undefined);
  const { version } = found.value.record;
  const exists = await versionExists(session.request.store, asset, version);
  if (!exists.ok) return exists;
  return exists.value ? await adopt(session, work, version) : ok(undefined);
}

async function adopt(session: RunSession, work: Work, version: string): Promise<Result<Ready, Failure>> {
  const { asset } = work.step;
  const manifest = await session.reader.manifest(asset, version);
  if (!manifest.ok) return manifest;
  const entry = entryOf(manifest.value);
  const changed = session.published(asset)?.version !== version;
  return ok({ state: "ready", asset, entry, changed, moments: knownMoments(work, entry) });
}

/** A version under the snapshot's token is of the snapshot's moment too, if the token proves that the rows are equal. */
function knownMoments({ snapshot, source }: Work, entry: EnvironmentEntry): readonly string[] {
  const proven = snapshot !== null && source?.strength === "strong";
  return proven ? [...new Set([...momentsOf(entry), snapshot])] : momentsOf(entry);
}

/** Does the work: writes the rows beside the lake, then commits them as a version. One attempt. */
export async function makeOnce(
  session: RunSession,
  work: Work,
  rowsOf: () => Promise<Result<RowSource, Failure>>,
  attempt: Attempt,
): Promise<Result<Ready, Failure>> {
  const { store, compute, graph, run, plan, now, emit } = session.request;
  const { signal } = attempt;
  const { asset } = work.step;
  const replaces = plan.forced || work.isReadAgain;
  const spec = assetIn(graph, asset);
  const started = performance.now();
  // The tag alone: a record that is damaged is just what may have to be replaced.
  const seen = replaces ? await store.readPointer(workObject(asset, work.fingerprint.digest)) : ok(undefined);
  if (!seen.ok) return seen;
  const rows = await rowsOf();
  if (!rows.ok) return rows;
  const file = await store.temporaryFile(".parquet");
  if (!file.ok) return file;
  // SQL gives its rows in another order each time; in the order of their key, equal rows make equal files.
  const sortBy = spec.making.kind === "sql" ? spec.schema.primaryKey : [];
  let said = started;
  const onProgress = (count: number): void => {
    if (performance.now() - said < progressEveryMs || signal.aborted || attempt.isOver()) return;
    said = performance.now();
    emit({ type: "step.progressed", asset, rows: count });
  };
  const written = await compute.write({
    asset,
    rows: rows.value,
    schema: spec.schema,
    file: file.value,
    sortBy,
    signal,
    onProgress,
  });
  // A result that comes after its attempt was given up is dropped here: what is not committed does not exist.
  if (written.ok && signal.aborted) {
    await rm(file.value, { force: true });
    return err(stoppedFailure(signal));
  }
  if (!written.ok) return written;
  const earlier = session.published(asset);
  const earlierManifest = earlier ? await session.reader.manifest(asset, earlier.version) : undefined;
  const newVersion = newVersionId();
  const committed = await commitVersion(store, {
    asset,
    version: newVersion,
    run,
    schema: spec.schema,
    file: file.value,
    written: written.value,
    fingerprint: work.fingerprint,
    inputs: work.inputs,
    source: work.source,
    snapshot: work.snapshot,
    earlier: earlierManifest?.ok ? earlierManifest.value : undefined,
    isEarlierSound: async () =>
      earlier !== undefined && (await session.reader.relation(asset, earlier.version)).ok,
    forced: replaces,
    seen: seen.value?.tag ?? null,
    madeAt: now().toISOString(),
    durationMs: Math.round(performance.now() - started),
  });
  if (!committed.ok) return committed;
  session.reader.trust(partObject(asset, newVersion, 1));
  const ready = await adopt(session, work, committed.value.version);
  if (!ready.ok) return ready;
  const { entry } = ready.value;
  const { version, dataVersion } = entry;
  if (attempt.isOver()) return ready;
  if (committed.value.adopted) emit({ type: "step.reused", asset, version, dataVersion, rows: entry.rows });
  else {
    const { rows: count, bytes, durationMs } = entry;
    const { unchanged } = committed.value;
    emit({ type: "step.made", asset, version, dataVersion, rows: count, bytes, durationMs, unchanged });
  }
  return ready;
}

/** Tells of a version that was found rather than made. Nothing is said of what the plan said is fresh. */
export function sayFound(session: RunSession, work: Work, ready: Ready): void {
  const { asset, make } = work.step;
  const { version, dataVersion, rows } = ready.entry;
  if (ready.changed) session.request.emit({ type: "step.reused", asset, version, dataVersion, rows });
  else if (make.do !== "fresh")
    session.request.emit({ type: "step.skipped", asset, because: "inputs-equal", upstream: [] });
}

/** The inputs of a step as relations on this machine, by the step's own names. */
export async function inputRelations(
  session: RunSession,
  inputs: readonly InputRead[],
): Promise<Result<Readonly<Record<string, StoredRelation>>, Failure>> {
  const relations: Record<string, StoredRelation> = {};
  for (const input of inputs) {
    const relation = await session.reader.relation(input.asset, input.version);
    if (!relation.ok) return relation;
    relations[input.name] = relation.value;
  }
  return ok(relations);
}

/** Ends a step with a failure. */
export function fail(session: RunSession, asset: AssetKey, failure: Failure, started: number): Settlement {
  const durationMs = Math.round(performance.now() - started);
  session.request.emit({ type: "step.failed", asset, failure, durationMs });
  session.failed();
  return { state: "failed", asset, failure };
}

/** Ends a step that was never started, because nothing new is started any more. */
export function stop(session: RunSession, asset: AssetKey): Settlement {
  session.request.emit({ type: "step.skipped", asset, because: "stopped", upstream: [] });
  return { state: "skipped", asset, because: "stopped" };
}
