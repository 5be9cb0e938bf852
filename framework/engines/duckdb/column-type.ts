import type { ColumnType } from "../../definition/column.ts";
import type { ColumnSchema } from "../../definition/schema.ts";
import { standardDialect } from "../../definition/sql.ts";
import { unreachable } from "../../definition/unreachable.ts";

/** The DuckDB type that a column is stored as. */
export function duckdbType(type: ColumnType): string {
  switch (type.kind) {
    case "string":
      return "VARCHAR";
    case "int32":
      return "INTEGER";
    case "int64":
      return "BIGINT";
    case "decimal":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "double":
      return "DOUBLE";
    case "boolean":
      return "BOOLEAN";
    case "date":
      return "DATE";
    case "timestamp":
      return "TIMESTAMP";
    default:
      return unreachable(type);
  }
}

/** The columns of a `create table`: names and types. */
export function columnDefinitions(columns: readonly ColumnSchema[]): string {
  return columns.map(({ name, type }) => `${quoted(name)} ${duckdbType(type)}`).join(", ");
}

/** A name as DuckDB's SQL writes it. */
export function quoted(name: string): string {
  return standardDialect.identifier(name);
}

/** A text as DuckDB's SQL writes it. */
export function literal(text: string): string {
  return standardDialect.literal(text);
}
