import { type AssetKey, storedKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { damaged, parseRecord, type RecordForm, type RecordPlace, recordBytes } from "./parse-record.ts";
import type { Manifest, VersionId } from "./records.ts";
import type { Store } from "./storage/store.ts";
import { readCondemned } from "./sweep.ts";
import { writeOnce } from "./write-once.ts";

/** The object key of the manifest of a version. */
export function manifestObject(key: AssetKey, version: VersionId): string {
  return `versions/${storedKey(key)}/${version}.json`;
}

/** The object key of part `n` (from 1) that a version writes. */
export function partObject(key: AssetKey, version: VersionId, n: number): string {
  return `data/${storedKey(key)}/${version}-${n}.parquet`;
}

const form: RecordForm<Manifest> = {
  schema: async () => (await import("./record-schemas.ts")).manifestSchema,
};

/** The manifest of a version; undefined where there is none. */
export async function readManifest(
  store: Store,
  key: AssetKey,
  version: VersionId,
): Promise<Result<Manifest | undefined, Failure>> {
  const object = manifestObject(key, version);
  const bytes = await store.get(object);
  if (!bytes.ok) return bytes;
  if (bytes.value === undefined) return ok(undefined);
  const place: RecordPlace = {
    lake: store.label,
    object,
    remedy: `make it again: assets materialize --select ${key} --force`,
  };
  const manifest = await parseRecord(bytes.value, form, place);
  if (!manifest.ok) return manifest;
  const { asset, version: named } = manifest.value;
  if (asset === key && named === version) return manifest;
  return err(damaged(place, `it is of version ${named} of ${asset}`));
}

/** Writes the manifest of a new version, whose parts are in the store already. */
export async function writeManifest(store: Store, manifest: Manifest): Promise<Result<void, Failure>> {
  return await writeOnce(store, manifestObject(manifest.asset, manifest.version), recordBytes(manifest));
}

/**
 * Whether a version is whole: its manifest and each of its parts, in full size, and none of them condemned by a sweep.
 * `condemned` is for who looks at many: what {@link readCondemned} gave, not earlier than the protocol wants it.
 */
export async function versionExists(
  store: Store,
  key: AssetKey,
  version: VersionId,
  condemned?: ReadonlySet<string>,
): Promise<Result<boolean, Failure>> {
  if (condemned === undefined) {
    const read = await readCondemned(store);
    return read.ok ? await versionExists(store, key, version, read.value) : read;
  }
  if (condemned.has(manifestObject(key, version))) return ok(false);
  const manifest = await readManifest(store, key, version);
  if (!manifest.ok) return manifest;
  if (manifest.value === undefined) return ok(false);
  for (const part of manifest.value.parts) {
    if (condemned.has(part.object)) return ok(false);
    const size = await store.size(part.object);
    if (!size.ok) return size;
    if (size.value !== part.bytes) return ok(false);
  }
  return ok(true);
}
