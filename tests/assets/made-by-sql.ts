import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type Asset, inputsOf } from "../../framework/definition/asset.ts";
import { relation, renderSql, standardDialect } from "../../framework/definition/sql.ts";
import type { Columns } from "../../framework/index.ts";
import { duckdbTypes } from "../metadata/contract.ts";

type Rows = readonly Readonly<Record<string, string | number | null>>[];

/** The statement of a SQL asset, which reads its inputs by their names. */
function statementOf(asset: Asset): string {
  if (asset.making.kind !== "sql") throw new Error(`${asset.key} is not made by SQL`);
  const relations = Object.entries(inputsOf(asset)).map(([name, { columns }]) => [
    name,
    relation(name, columns),
  ]);
  return renderSql(asset.making.statement(Object.fromEntries(relations))).text;
}

/** An asset's statement with its columns cast to what it declares, in the order of its key. */
export function castStatementOf(asset: Asset): string {
  const columns = Object.entries(duckdbTypes(asset)).map(([name, type]) => `${name}::${type} as ${name}`);
  const order = asset.primaryKey.length > 0 ? `order by ${asset.primaryKey.join(", ")}` : "";
  return `select ${columns.join(", ")} from (${statementOf(asset)}) ${order}`;
}

/** What a SQL asset makes of some rows of its inputs, each value as text. Columns that a row leaves out are null. */
export async function madeFrom(
  asset: Asset,
  inputs: Readonly<Record<string, Rows>>,
): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  for (const [name, input] of Object.entries(inputsOf(asset))) {
    await createTable(connection, name, input, inputs[name] ?? []);
  }
  const made = await connection.runAndReadAll(`select columns(*)::varchar from (${castStatementOf(asset)})`);
  const rows = made.getRows().map((row) => row.join(" "));
  instance.closeSync();
  return rows;
}

async function createTable(
  connection: DuckDBConnection,
  name: string,
  input: { readonly columns: Columns },
  rows: Rows,
): Promise<void> {
  const types = Object.entries(duckdbTypes(input));
  await connection.run(
    `create table ${name} (${types.map(([column, type]) => `${column} ${type}`).join(", ")})`,
  );
  for (const row of rows) {
    const unknown = Object.keys(row).filter((column) => !(column in input.columns));
    if (unknown.length > 0) throw new Error(`${name} has no ${unknown.join(", ")}`);
    const values = Object.entries(row);
    await connection.run(
      `insert into ${name} (${values.map(([column]) => column).join(", ")})
        values (${values.map(([, value]) => standardDialect.literal(value)).join(", ")})`,
    );
  }
}
