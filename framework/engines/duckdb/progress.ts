import type { DuckDBConnection } from "@duckdb/node-api";
import type { WriteRequest } from "../../definition/compute-port.ts";

const everyMs = 200;

/** Tells of the rows that DuckDB has read, as far as it knows; gives what ends it. */
export function pollProgress(connection: DuckDBConnection, { onProgress }: WriteRequest): () => void {
  if (!onProgress) return () => {};
  let told = 0;
  const timer = setInterval(() => {
    const rows = Number(connection.progress.rows_processed);
    if (rows <= told) return;
    told = rows;
    onProgress(rows);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
