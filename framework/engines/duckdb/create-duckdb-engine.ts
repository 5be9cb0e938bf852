import type { ComputeEngine } from "../../definition/compute-port.ts";
import { castable } from "./castable.ts";
import { type DatabaseOptions, openDatabase } from "./database.ts";
import { describe } from "./describe.ts";
import { duckdbVersion } from "./engine-version.ts";
import { evaluate } from "./evaluate.ts";
import { query } from "./query.ts";
import { read } from "./read.ts";
import { write } from "./write.ts";

/** The compute engine of the lake. DuckDB itself is loaded when something is first asked of it. */
export function createDuckdbEngine(options: DatabaseOptions): ComputeEngine {
  const database = openDatabase(options);
  return {
    kind: "duckdb",
    version: duckdbVersion(),
    describe: (statement, relations) => describe(database, statement, relations),
    castable,
    write: (request) => write(database, request),
    read: (relation, signal) => read(database, relation, signal),
    evaluate: (checks, relation, references, signal) =>
      evaluate(database, checks, relation, references, signal),
    query: (statement, relations, limit, signal) => query(database, statement, relations, limit, signal),
    close: () => database.close(),
  };
}
