import type { DuckDBConnection } from "@duckdb/node-api";
import type { StoredRelation } from "../../definition/compute-port.ts";
import { duckdbType, quoted } from "./column-type.ts";
import { fileLiteral, plainFile } from "./file-literal.ts";

/** Makes relations readable by their names on one connection. */
export async function createViews(
  connection: DuckDBConnection,
  relations: Readonly<Record<string, StoredRelation>>,
): Promise<void> {
  for (const [name, relation] of Object.entries(relations)) {
    await connection.run(`create temp view ${quoted(name)} as ${selectStored(relation)}`);
  }
}

/** A query for the rows of a relation, its columns in the schema's order. */
export function selectStored({ files, schema }: StoredRelation): string {
  if (files.length === 0) {
    const empty = schema.columns.map(({ name, type }) => `null::${duckdbType(type)} as ${quoted(name)}`);
    return `select ${empty.join(", ")} where false`;
  }
  const columns = schema.columns.map(({ name }) => quoted(name));
  return `select ${columns.join(", ")} from read_parquet([${files.map(fileLiteral).join(", ")}], ${plainFile})`;
}
