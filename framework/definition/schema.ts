import type { Columns, ColumnType } from "./column.ts";

/** A column as manifests keep it and engines are told of it. */
export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** The shape of a table, as plain data: what decides how rows are stored, and nothing else. */
export interface TableSchema {
  readonly columns: readonly ColumnSchema[];
  /** The columns that tell its rows apart; empty where nothing does. */
  readonly primaryKey: readonly string[];
}

export function tableSchema(columns: Columns, primaryKey: readonly string[] = []): TableSchema {
  return {
    columns: Object.entries(columns).map(([name, column]) => ({
      name,
      type: column.type,
      nullable: column.isNullable,
    })),
    primaryKey,
  };
}

/** A column's type as people write it: `decimal(10,2)`, `string(32)`. */
export function typeName(type: ColumnType): string {
  switch (type.kind) {
    case "string":
      return type.length === undefined ? "string" : `string(${type.length})`;
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "int32":
      return "integer";
    case "int64":
      return "bigint";
    default:
      return type.kind;
  }
}
