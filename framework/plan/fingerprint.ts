import { createHash } from "node:crypto";
import type { Json } from "../definition/json.ts";
import { canonicalJson } from "../definition/json.ts";
import { type TableSchema, typeName } from "../definition/schema.ts";
import type { SourceToken } from "../definition/source-token.ts";
import type { AssetSpec } from "../graph/asset-spec.ts";
import type { DataVersion, Fingerprint, FingerprintPart } from "../lake/records.ts";

/** Engines by what they make: the kind and major.minor version that go into fingerprints, like "duckdb 1.5". */
export interface FingerprintContext {
  readonly engine: string;
  readonly codeVersion: string;
}

const longestReadable = 200;

/** What an asset's work depends on beside the rows it reads: code, config, schema, engine. Sorted by name. */
export function ownParts(spec: AssetSpec, context: FingerprintContext): readonly FingerprintPart[] {
  const parts: FingerprintPart[] = [{ name: "code", value: context.codeVersion }];
  if (spec.making.kind === "function" && spec.making.config !== null) {
    parts.push({ name: "config", value: readable(spec.making.config) });
  }
  // A function's rows are its own work: the engine only writes them down.
  if (spec.making.kind !== "function") parts.push({ name: "engine", value: context.engine });
  parts.push({ name: "schema", value: schemaText(spec.schema) });
  return parts;
}

/** The part of a copy that stands for what its source holds. */
export function sourcePart(token: SourceToken): FingerprintPart {
  const scope = token.scope === "" ? "" : ` of ${token.scope}`;
  const value = `${token.synthetic ? "synthetic " : ""}${token.strength} ${token.value}${scope}`;
  return { name: "source", value };
}

/** The part for one input: which rows it gave. The asset's key is not in it, so that a renaming costs nothing. */
export function inputPart(name: string, dataVersion: DataVersion): FingerprintPart {
  return { name: `input:${name}`, value: dataVersion };
}

/** Hashes named parts, each with its length before it, so that no two lists of parts can give the same bytes. */
export function fingerprintOf(parts: readonly FingerprintPart[]): Fingerprint {
  const sorted = [...parts].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const hash = createHash("sha256");
  for (const { name, value } of sorted) {
    hash.update(`${Buffer.byteLength(name)}:${name}${Buffer.byteLength(value)}:${value}`);
  }
  return { digest: hash.digest("hex"), parts: sorted };
}

/** Names rows: their schema and their order-insensitive hash together. */
export function dataVersionOf(schema: TableSchema, rowHash: string): DataVersion {
  return createHash("sha256")
    .update(`${schemaText(schema)}\n${rowHash}`)
    .digest("hex")
    .slice(0, 32);
}

/** A schema on one line, the same for equal columns: `order_id string(32), review_score integer null`. */
function schemaText(schema: TableSchema): string {
  return schema.columns
    .map(({ name, type, nullable }) => `${name} ${typeName(type)}${nullable ? " null" : ""}`)
    .join(", ");
}

// Short config is kept as it is, so that `explain` can show the old value beside the new one.
function readable(config: Json): string {
  const text = canonicalJson(config);
  return text.length <= longestReadable ? text : `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
