import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
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
  /**
   * The rows of a version. Its files are held against the digests in the manifest first: a bit that flipped on a disk
   * would else be read as another value, checked as one, and its rows called the same as before.
   */
  relation(asset: AssetKey, version: VersionId): Promise<Result<StoredRelation, Failure>>;
  /** Says that this process wrote a part a moment ago, and has its digest from there. */
  trust(part: string): void;
}

export function createVersionReader(store: Store): VersionReader {
  const manifests = new Map<VersionId, Promise<Result<Manifest, Failure>>>();
  const relations = new Map<VersionId, Promise<Result<StoredRelation, Failure>>>();
  const trusted = new Set<string>();
  const reader: VersionReader = {
    manifest: (asset, version) => remembered(manifests, version, () => read(store, asset, version)),
    relation: (asset, version) =>
      remembered(relations, version, async () => {
        const manifest = await reader.manifest(asset, version);
        return manifest.ok ? localRelation(store, manifest.value, trusted) : manifest;
      }),
    trust: (part) => {
      trusted.add(part);
    },
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

async function localRelation(
  store: Store,
  manifest: Manifest,
  trusted: Set<string>,
): Promise<Result<StoredRelation, Failure>> {
  const files: string[] = [];
  for (const part of manifest.parts) {
    const file = await store.localFile(part.object);
    if (!file.ok) return file;
    if (file.value === undefined) return err(missing(manifest.asset, part.object));
    if (!trusted.has(part.object) && (await digestOf(file.value)) !== part.digest)
      return err(damaged(manifest.asset, part.object));
    trusted.add(part.object);
    files.push(file.value);
  }
  return ok({ files, schema: manifest.schema });
}

/** SHA-256 of a file, hex; undefined where it cannot be read to its end. */
async function digestOf(file: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}

function damaged(asset: AssetKey, object: string): Failure {
  return {
    reason: "lake-corrupt",
    object,
    message: `${object} is damaged: its content is no longer what was written for ${asset}`,
    hint: `make it again: assets materialize --select ${asset} --force`,
  };
}

function missing(asset: AssetKey, object: string): Failure {
  return {
    reason: "lake-corrupt",
    object,
    message: `${object} is missing from the lake, though the current version of ${asset} needs it`,
    hint: `make it again: assets materialize --select ${asset} --force`,
  };
}
