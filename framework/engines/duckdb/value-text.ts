import type { DuckDBValue } from "@duckdb/node-api";

/** A value as people read it: timestamps like 2018-10-17 13:22:46, decimals as they are, null as null. */
export function valueText(value: DuckDBValue): string | null {
  return value === null ? null : String(value);
}
