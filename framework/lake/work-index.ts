import { type AssetKey, storedKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { backOff } from "./back-off.ts";
import { parseRecord, type RecordForm, recordBytes } from "./parse-record.ts";
import type { WorkRecord } from "./records.ts";
import type { PointerValue, Store, Tag } from "./storage/store.ts";
import { versionExists } from "./versions.ts";

/** What the index says of a piece of work, and the tag to replace it by. */
export interface FoundWork {
  readonly record: WorkRecord;
  readonly tag: Tag;
}

/** The record that stands after recording: one's own, or that of whoever was first. */
export interface StandingWork {
  readonly record: WorkRecord;
  readonly outcome: "recorded" | "adopted";
}

const form: RecordForm<WorkRecord> = {
  schema: async () => (await import("./record-schemas.ts")).workRecordSchema,
};

const tries = 100;

/** The pointer that says which version a piece of work gave. */
export function workObject(key: AssetKey, digest: string): string {
  return `work/${storedKey(key)}/${digest}.json`;
}

/**
 * What the index says of a piece of work, by its fingerprint's digest; undefined where it was never done. Whether the
 * version is there still is another question: {@link versionExists}.
 */
export async function findWork(
  store: Store,
  key: AssetKey,
  digest: string,
): Promise<Result<FoundWork | undefined, Failure>> {
  const held = await store.readPointer(workObject(key, digest));
  if (!held.ok) return held;
  if (held.value === undefined) return ok(undefined);
  const record = await parseWork(store, key, digest, held.value);
  return record.ok ? ok({ record: record.value, tag: held.value.tag }) : record;
}

function parseWork(
  store: Store,
  key: AssetKey,
  digest: string,
  held: PointerValue,
): Promise<Result<WorkRecord, Failure>> {
  return parseRecord(held.bytes, form, {
    lake: store.label,
    object: workObject(key, digest),
    remedy: `make it again: assets materialize --select ${key} --force`,
  });
}

/**
 * Records what a piece of work gave. The first wins, and the others get the first one's record to go on with: two
 * versions for one fingerprint would make two runs that did the same conflict. A record whose version is gone,
 * condemned or damaged is replaced, since it would be adopted for ever.
 */
export async function recordWork(
  store: Store,
  key: AssetKey,
  digest: string,
  record: WorkRecord,
): Promise<Result<StandingWork, Failure>> {
  const object = workObject(key, digest);
  for (let attempt = 1; attempt <= tries; attempt++) {
    const held = await store.readPointer(object);
    if (!held.ok) return held;
    if (held.value !== undefined) {
      const theirs = await usableWork(store, key, digest, held.value);
      if (!theirs.ok) return theirs;
      // Our own record, after a conflict: the swap was applied all the same.
      if (theirs.value?.version === record.version) return ok({ record, outcome: "recorded" });
      if (theirs.value !== undefined) return ok({ record: theirs.value, outcome: "adopted" });
    }
    const swapped = await store.swapPointer(object, recordBytes(record), held.value?.tag);
    if (!swapped.ok) return swapped;
    if (swapped.value !== "conflict") return ok({ record, outcome: "recorded" });
    await backOff(attempt);
  }
  return err({
    reason: "lake-unusable",
    object,
    message: `${object} in the lake ${store.label} did not keep still: ${tries} times another process changed it first`,
    hint: "see that no other program writes to the lake, and run again",
  });
}

/** The record held, if its version can be gone on with; undefined where the record is to be replaced. */
async function usableWork(
  store: Store,
  key: AssetKey,
  digest: string,
  held: PointerValue,
): Promise<Result<WorkRecord | undefined, Failure>> {
  const record = await parseWork(store, key, digest, held);
  const exists = record.ok ? await versionExists(store, key, record.value.version) : record;
  if (exists.ok) return ok(exists.value && record.ok ? record.value : undefined);
  // The work has just been done anew, which is the remedy for damage.
  return exists.error.reason === "lake-corrupt" ? ok(undefined) : exists;
}

/**
 * Records what a forced piece of work gave, over what the index said before. Of two at once the second adopts what the
 * first made: `seen` is the tag that {@link findWork} gave when the work began, or null where there was none. Without
 * it, what the index says now is replaced.
 */
export async function replaceWork(
  store: Store,
  key: AssetKey,
  digest: string,
  record: WorkRecord,
  seen?: Tag | null,
): Promise<Result<StandingWork, Failure>> {
  const object = workObject(key, digest);
  let expected: Tag | undefined;
  if (seen === undefined) {
    const held = await store.readPointer(object);
    if (!held.ok) return held;
    expected = held.value?.tag;
  } else if (seen !== null) expected = seen;
  const swapped = await store.swapPointer(object, recordBytes(record), expected);
  if (!swapped.ok) return swapped;
  if (swapped.value !== "conflict") return ok({ record, outcome: "recorded" });
  return await recordWork(store, key, digest, record);
}
