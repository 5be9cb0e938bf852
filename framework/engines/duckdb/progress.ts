import type { DuckDBConnection } from "@duckdb/node-api";
import type { WriteRequest } from "../../definition/compute-port.ts";

const everyMs = 200;

/**
 * Tells now and then of the rows of its relations that a query has read; gives what ends it. Of other sources DuckDB
 * only guesses how many rows they have, so nothing is told of them until they are written.
 */
export function pollProgress(connection: DuckDBConnection, { onProgress, rows }: WriteRequest): () => void {
  if (!onProgress || rows.form !== "query" || Object.keys(rows.relations).length === 0) return () => {};
  let told = 0;
  const timer = setInterval(() => {
    const read = Number(connection.progress.rows_processed);
    if (read <= told) return;
    told = read;
    onProgress(read);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
