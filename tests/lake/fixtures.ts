import { type AssetKey, parseAssetKey } from "../../framework/definition/asset-key.ts";
import { newVersionId } from "../../framework/lake/identifiers.ts";
import {
  type EnvironmentEntry,
  formatVersion,
  type Manifest,
  type VersionId,
  type WorkRecord,
} from "../../framework/lake/records.ts";
import { openLocalStore } from "../../framework/lake/storage/local.ts";
import type { Store } from "../../framework/lake/storage/store.ts";
import { partObject, writeManifest } from "../../framework/lake/versions.ts";
import { bytes, value } from "./store-contract.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export const at = "2026-01-02T03:04:05.000Z";

export function key(text: string): AssetKey {
  return value(parseAssetKey(text));
}

export async function emptyLake(): Promise<Store> {
  return openLocalStore(await temporaryFolder(), "./lake");
}

/** A manifest with one part of 4 bytes. */
export function manifestOf(asset: AssetKey, version: VersionId = newVersionId()): Manifest {
  return {
    formatVersion,
    asset,
    version,
    partitions: "whole",
    schema: {
      columns: [
        { name: "id", type: { kind: "string", length: 32 }, nullable: false },
        { name: "price", type: { kind: "decimal", precision: 10, scale: 2 }, nullable: true },
      ],
      primaryKey: ["id"],
    },
    parts: [
      {
        object: partObject(asset, version, 1),
        rows: 2,
        bytes: 4,
        digest: "d1",
        columns: [{ name: "id", min: "a", max: "b", nulls: 0 }],
      },
    ],
    rows: 2,
    bytes: 4,
    dataVersion: `data of ${version}`,
    fingerprint: { digest: "f1", parts: [{ name: "code", value: "c1" }] },
    inputs: [{ name: "orders", asset: key("orders"), version: "v0", dataVersion: "data of v0" }],
    source: { strength: "strong", value: "s1", scope: "", synthetic: false },
    snapshot: "snapshot 1",
    watermark: null,
    base: null,
    run: "run1",
    madeAt: at,
    durationMs: 12.5,
  };
}

/** Brings a version into the lake, in the protocol's order, and gives its manifest. */
export async function makeVersion(store: Store, asset: AssetKey): Promise<Manifest> {
  const manifest = manifestOf(asset);
  for (const part of manifest.parts) value(await store.create(part.object, bytes("rows")));
  value(await writeManifest(store, manifest));
  return manifest;
}

export function workOf(manifest: Manifest): WorkRecord {
  const { version, dataVersion, rows, madeAt, durationMs, run } = manifest;
  return { formatVersion, version, dataVersion, rows, madeAt, durationMs, run };
}

export function entryOf(manifest: Manifest): EnvironmentEntry {
  const { version, partitions, dataVersion, fingerprint, source, snapshot, rows, bytes: size } = manifest;
  return {
    version,
    partitions,
    dataVersion,
    fingerprint,
    checks: [
      {
        id: "not-null(id)",
        severity: "blocking",
        code: "k1",
        references: {},
        outcome: { status: "passed" },
        evaluatedAt: at,
      },
      {
        id: "foreign-key(id)",
        severity: "warning",
        code: "k2",
        references: { [key("orders")]: "v0" },
        outcome: { status: "failed", rows: 1, sampleColumns: ["id"], sample: [["a"], [null]] },
        evaluatedAt: at,
      },
    ],
    source,
    snapshot,
    inputs: { orders: key("orders") },
    rows,
    bytes: size,
    madeAt: manifest.madeAt,
    durationMs: manifest.durationMs,
    run: manifest.run,
  };
}
