import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { sample } from "../assets/sample/sample.ts";

/** The bound for the whole sample: DuckDB alone generates the same nine tables and writes them as Parquet. */
const folder = await mkdtemp(join(tmpdir(), "assets-write-sample-"));
const started = performance.now();
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
for (const statement of sample.setup) await connection.run(statement);
for (const [table, query] of Object.entries(sample.tables)) {
  await connection.run(
    `copy (${query}) to '${join(folder, `${table}.parquet`)}' (format parquet, compression zstd)`,
  );
}
connection.closeSync();
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify({ benchmark: "write-sample", seconds: (performance.now() - started) / 1000 }));
