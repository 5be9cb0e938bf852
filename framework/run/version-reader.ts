import type { AssetKey } from "../definition/asset-key.ts";
import type { StoredRelation } from "../definition/compute-port.ts";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { Manifest, VersionId } from "../lake/records.ts";
import type { Store } from "../lake/storage/store.ts";
import { manifestObject, readManifest } from "../lake/versions.ts";

/** Reads manifests and brings parts to this machine, each once. */
export interface VersionReader {
  manifest(asset: AssetKey, version: VersionId): Promise<Result<Manifest, Failure>>;
  relation(asset: AssetKey, version: VersionId): Promise<Result<StoredRelation, Failure>>;
}

export function createVersionReader(store: Store): VersionReader {
  const manifests = new Map<VersionId, Promise<Result<Manifest, Failure>>>();
  const relations = new Map<VersionId, Promise<Result<StoredRelation, Failure>>>();
  const reader: VersionReader = {
    manifest: (asset, version) => remembered(manifests, version, () => read(store, asset, version)),
    relation: (asset, version) =>
      remembered(relations, version, async () => {
        const manifest = await reader.manifest(asset, version);
        return manifest.ok ? localRelation(store, manifest.value) : manifest;
      }),
  };
  return reader;
}

function remembered<T>(memory: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const loading = load();
  memory.set(key, loading);
  return loading;
}

async function read(store: Store, asset: AssetKey, version: VersionId): Promise<Result<Manifest, Failure>> {
  const found = await readManifest(store, asset, version);
  if (!found.ok) return found;
  return found.value === undefined ? err(missing(asset, manifestObject(asset, version))) : ok(found.value);
}

async function localRelation(store: Store, manifest: Manifest): Promise<Result<StoredRelation, Failure>> {
  const files: string[] = [];
  for (const part of manifest.parts) {
    const file = await store.localFile(part.object);
    if (!file.ok) return file;
    if (file.value === undefined) return err(missing(manifest.asset, part.object));
    files.push(file.value);
  }
  return ok({ files, schema: manifest.schema });
}

function missing(asset: AssetKey, object: string): Failure {
  return {
    reason: "lake-corrupt",
    object,
    message: `${object} is missing from the lake, though the current version of ${asset} needs it`,
    hint: `make it again: assets materialize --select ${asset} --force`,
  };
}
