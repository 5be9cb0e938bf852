import * as v from "valibot";
import type { AssetKey } from "../definition/asset-key.ts";
import { assetKeyPattern, identifierPattern, partPattern } from "./name-patterns.ts";
import { formatVersion } from "./records.ts";

/*
 * What the lake's files must be, as valibot schemas. A type test keeps them equal to the types of records.ts, and a
 * property test keeps the faster check of environments equal to `environmentSchema`.
 */

const identifier = v.pipe(v.string(), v.regex(identifierPattern, "is not an identifier"));
const assetKey = v.custom<AssetKey>(
  (value) => typeof value === "string" && assetKeyPattern.test(value),
  "is not an asset key",
);

// valibot types a record with a branded key as if its values could be undefined.
function byAsset<T>(item: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, Record<AssetKey, T>> {
  return v.record(assetKey, item) as unknown as v.GenericSchema<unknown, Record<AssetKey, T>>;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const format = v.literal(formatVersion);

const sourceToken = v.object({
  strength: v.picklist(["strong", "weak"]),
  value: v.string(),
  scope: v.string(),
  synthetic: v.boolean(),
});

const fingerprint = v.object({
  digest: v.string(),
  parts: v.array(v.object({ name: v.string(), value: v.string() })),
});

const columnType = v.variant("kind", [
  v.object({ kind: v.literal("string"), length: v.exactOptional(v.number()) }),
  v.object({ kind: v.literal("int32") }),
  v.object({ kind: v.literal("int64") }),
  v.object({ kind: v.literal("decimal"), precision: v.number(), scale: v.number() }),
  v.object({ kind: v.literal("double") }),
  v.object({ kind: v.literal("boolean") }),
  v.object({ kind: v.literal("date") }),
  v.object({ kind: v.literal("timestamp") }),
]);

const checkOutcome = v.variant("status", [
  v.object({ status: v.literal("passed") }),
  v.object({
    status: v.literal("failed"),
    rows: count,
    sampleColumns: v.array(v.string()),
    sample: v.array(v.array(v.nullable(v.string()))),
  }),
]);

const checkRecord = v.object({
  id: v.string(),
  severity: v.picklist(["blocking", "warning"]),
  code: v.string(),
  references: byAsset(identifier),
  outcome: checkOutcome,
  evaluatedAt: v.string(),
});

export const manifestSchema = v.object({
  formatVersion: format,
  asset: assetKey,
  version: identifier,
  partitions: v.literal("whole"),
  schema: v.object({
    columns: v.array(v.object({ name: v.string(), type: columnType, nullable: v.boolean() })),
    primaryKey: v.array(v.string()),
  }),
  parts: v.array(
    v.object({
      object: v.pipe(v.string(), v.regex(partPattern, "is not the object key of a part")),
      rows: count,
      bytes: count,
      digest: v.string(),
      columns: v.array(
        v.object({
          name: v.string(),
          min: v.nullable(v.string()),
          max: v.nullable(v.string()),
          nulls: count,
        }),
      ),
    }),
  ),
  rows: count,
  bytes: count,
  dataVersion: v.string(),
  fingerprint,
  inputs: v.array(
    v.object({ name: v.string(), asset: assetKey, version: identifier, dataVersion: v.string() }),
  ),
  source: v.nullable(sourceToken),
  snapshot: v.nullable(v.string()),
  watermark: v.nullable(v.string()),
  base: v.nullable(identifier),
  run: identifier,
  madeAt: v.string(),
  durationMs: finite,
});

export const workRecordSchema = v.object({
  formatVersion: format,
  version: identifier,
  dataVersion: v.string(),
  rows: count,
  madeAt: v.string(),
  durationMs: finite,
  run: identifier,
});

export const environmentEntrySchema = v.object({
  version: identifier,
  partitions: v.literal("whole"),
  dataVersion: v.string(),
  fingerprint,
  checks: v.array(checkRecord),
  source: v.nullable(sourceToken),
  snapshot: v.nullable(v.string()),
  inputs: v.record(v.string(), assetKey),
  rows: count,
  bytes: count,
  madeAt: v.string(),
  durationMs: finite,
  run: identifier,
});

export const environmentSchema = v.object({
  formatVersion: format,
  name: v.string(),
  parent: v.nullable(v.object({ name: v.string(), follows: v.picklist(["creation", "live"]) })),
  assets: byAsset(environmentEntrySchema),
  states: v.array(
    v.object({
      run: identifier,
      at: v.string(),
      replaced: byAsset(v.nullable(environmentEntrySchema)),
    }),
  ),
  generations: v.record(v.string(), v.string()),
  pending: v.array(v.object({ server: v.string(), generation: v.string(), clone: v.string() })),
  counter: count,
});

export const sweepSchema = v.object({
  formatVersion: format,
  sweep: count,
  condemned: v.array(v.string()),
});
