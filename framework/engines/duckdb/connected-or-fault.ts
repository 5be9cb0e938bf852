import type { DuckDBConnection } from "@duckdb/node-api";
import type { StatementFault } from "../../definition/compute-port.ts";
import { err, type Result } from "../../definition/result.ts";
import type { Database } from "./database.ts";
import { readEngineError } from "./engine-error.ts";

/** Works on a connection; that none can be had (no folder to spill to, no binary for this system) is a fault too. */
export async function connectedOr<T>(
  connected: Database["connected"],
  work: (connection: DuckDBConnection) => Promise<Result<T, StatementFault>>,
): Promise<Result<T, StatementFault>> {
  let isConnected = false;
  try {
    return await connected((connection) => {
      isConnected = true;
      return work(connection);
    });
  } catch (thrown) {
    if (isConnected) throw thrown;
    return err({ message: `DuckDB cannot be started: ${readEngineError(thrown).message}` });
  }
}
