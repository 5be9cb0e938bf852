import { rm } from "node:fs/promises";
import type { AssetKey } from "../definition/asset-key.ts";
import type { WrittenPart } from "../definition/compute-port.ts";
import type { Failure } from "../definition/failure.ts";
import { ok, type Result } from "../definition/result.ts";
import type { TableSchema } from "../definition/schema.ts";
import type { SourceToken } from "../definition/source-token.ts";
import {
  type Fingerprint,
  formatVersion,
  type InputRead,
  type Manifest,
  type Part,
  type RunId,
  type VersionId,
} from "../lake/records.ts";
import type { Store, Tag } from "../lake/storage/store.ts";
import { partObject, writeManifest } from "../lake/versions.ts";
import { recordWork, replaceWork } from "../lake/work-index.ts";
import { dataVersionOf } from "../plan/fingerprint.ts";

/** A finished piece of work, whose rows are in a file outside the lake's names. */
export interface FinishedWork {
  readonly asset: AssetKey;
  readonly version: VersionId;
  readonly run: RunId;
  readonly schema: TableSchema;
  readonly file: string;
  readonly written: WrittenPart;
  readonly fingerprint: Fingerprint;
  readonly inputs: readonly InputRead[];
  readonly source: SourceToken | null;
  readonly snapshot: string | null;
  /** The version the environment has now: its parts are kept where the rows are equal. */
  readonly earlier: Manifest | undefined;
  /** Whether the files of that version are there and hold what was written; asked only where its rows are equal. */
  readonly isEarlierSound: () => Promise<boolean>;
  readonly forced: boolean;
  /** What the work index said when forced work began; null where it said nothing. Of two forced runs the second adopts. */
  readonly seen: Tag | null;
  readonly madeAt: string;
  readonly durationMs: number;
}

/** The version that stands for a piece of work: ours, or the one of whoever was first. */
export interface CommittedVersion {
  readonly version: VersionId;
  readonly adopted: boolean;
  /** Whether its rows are those of the environment's version. */
  readonly unchanged: boolean;
}

/**
 * Brings finished work into the lake: parts, then manifest, then work index, so that whatever names something is written
 * after it. A process that dies in between leaves objects that nothing names.
 */
export async function commitVersion(
  store: Store,
  work: FinishedWork,
): Promise<Result<CommittedVersion, Failure>> {
  const dataVersion = dataVersionOf(work.schema, work.written.rowHash);
  const unchanged = work.earlier?.dataVersion === dataVersion;
  const parts =
    unchanged && work.earlier ? await keepParts(store, work, work.earlier) : await storeParts(store, work);
  if (!parts.ok) return parts;
  const manifest: Manifest = {
    formatVersion,
    asset: work.asset,
    version: work.version,
    partitions: "whole",
    schema: work.schema,
    parts: parts.value,
    rows: parts.value.reduce((sum, part) => sum + part.rows, 0),
    bytes: parts.value.reduce((sum, part) => sum + part.bytes, 0),
    dataVersion,
    fingerprint: work.fingerprint,
    inputs: work.inputs,
    source: work.source,
    snapshot: work.snapshot,
    watermark: null,
    base: null,
    run: work.run,
    madeAt: work.madeAt,
    durationMs: work.durationMs,
  };
  const stored = await writeManifest(store, manifest);
  if (!stored.ok) return stored;
  const { version, rows, madeAt, durationMs, run } = manifest;
  const record = { formatVersion, version, dataVersion, rows, madeAt, durationMs, run } as const;
  const { digest } = work.fingerprint;
  const recorded = work.forced
    ? await replaceWork(store, work.asset, digest, record, work.seen)
    : await recordWork(store, work.asset, digest, record);
  if (!recorded.ok) return recorded;
  const standing = recorded.value.record;
  return ok({
    version: standing.version,
    adopted: standing.version !== version,
    unchanged: work.earlier?.dataVersion === standing.dataVersion,
  });
}

// Equal rows need no second file, and readers of the earlier parts have them at hand already. A forced run may be there
// to mend those very parts, so it always writes its own.
async function keepParts(
  store: Store,
  work: FinishedWork,
  earlier: Manifest,
): Promise<Result<readonly Part[], Failure>> {
  if (work.forced || !(await work.isEarlierSound())) return storeParts(store, work);
  await rm(work.file, { force: true });
  return ok(earlier.parts);
}

async function storeParts(store: Store, work: FinishedWork): Promise<Result<readonly Part[], Failure>> {
  const object = partObject(work.asset, work.version, 1);
  const moved = await store.createFromFile(object, work.file);
  if (!moved.ok) return moved;
  const { rows, bytes, digest, columns } = work.written;
  return ok([{ object, rows, bytes, digest, columns }]);
}
