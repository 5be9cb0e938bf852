import type { ColumnType } from "../../definition/column.ts";
import type { DescribedColumn } from "../../definition/compute-port.ts";
import type { ColumnSchema } from "../../definition/schema.ts";

type Family = "integer" | "decimal" | "double" | "string" | "boolean" | "date" | "timestamp";

const families: Readonly<Record<string, Family>> = {
  TINYINT: "integer",
  SMALLINT: "integer",
  INTEGER: "integer",
  BIGINT: "integer",
  HUGEINT: "integer",
  UTINYINT: "integer",
  USMALLINT: "integer",
  UINTEGER: "integer",
  UBIGINT: "integer",
  UHUGEINT: "integer",
  DECIMAL: "decimal",
  FLOAT: "double",
  DOUBLE: "double",
  VARCHAR: "string",
  ENUM: "string",
  UUID: "string",
  BOOLEAN: "boolean",
  DATE: "date",
  TIMESTAMP: "timestamp",
  TIMESTAMP_S: "timestamp",
  TIMESTAMP_MS: "timestamp",
  TIMESTAMP_NS: "timestamp",
};

/**
 * Whether a column of one type may become one of another by a cast that keeps its meaning.
 *
 * An enum and a UUID are texts with a narrower type, so they may become a string; a timestamp with a zone is another
 * thing than one without. A bare `null` has the type INTEGER in DuckDB and needs a cast where another type is declared.
 */
export function castable(from: DescribedColumn, to: ColumnSchema): boolean {
  if (/^"?NULL"?$/i.test(from.type)) return true;
  // An array of a type ends in [] and is of no family.
  if (from.type.endsWith("]")) return false;
  const name = /^[A-Z_]+(?= *\(|$)/.exec(from.type)?.[0];
  return name !== undefined && families[name] === familyOf(to.type);
}

function familyOf(type: ColumnType): Family {
  return type.kind === "int32" || type.kind === "int64" ? "integer" : type.kind;
}
