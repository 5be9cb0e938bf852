import type { DuckDBConnection } from "@duckdb/node-api";
import type { RowSource, WriteRequest } from "../../definition/compute-port.ts";
import { quoted } from "./column-type.ts";
import type { Database } from "./database.ts";
import { createViews } from "./relation-view.ts";
import { singleStatement } from "./single-statement.ts";
import { stageCsv } from "./stage-csv.ts";
import { stageRows } from "./stage-rows.ts";

/** The name under which staged rows are read. No asset and no input can have it. */
export const staged = " rows to write";

/** Makes the rows of a source readable as {@link staged} on one connection; gives what frees them. */
export async function stageSource(
  database: Database,
  connection: DuckDBConnection,
  request: WriteRequest,
): Promise<() => Promise<void>> {
  const { rows, schema, signal, asset, onProgress } = request;
  switch (rows.form) {
    case "query":
      await stageQuery(database, connection, rows);
      return async () => {};
    case "csv":
      return stageCsv(connection, {
        chunks: rows.chunks,
        schema,
        view: staged,
        folder: database.folder,
        signal,
      });
    case "rows":
      await stageRows(connection, {
        asset,
        rows: rows.rows,
        schema,
        table: staged,
        signal,
        ...(onProgress && { onProgress }),
      });
      return async () => {};
  }
}

// A view takes the statement as it is, with comments and semicolons, and names its columns apart.
async function stageQuery(
  database: Database,
  connection: DuckDBConnection,
  { statement, relations, setup }: RowSource & { form: "query" },
): Promise<void> {
  await database.setUp(connection, setup ?? []);
  await createViews(connection, relations);
  const single = await singleStatement(connection, statement);
  if (!single.ok) throw new Error(single.error.message);
  await connection.run(`create temp view ${quoted(staged)} as ${statement}`);
}
