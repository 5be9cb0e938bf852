import { stat } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { StoredRelation } from "../../definition/compute-port.ts";
import type { Failure } from "../../definition/failure.ts";
import { failureIn } from "../../definition/stopped-failure.ts";
import { quoted } from "./column-type.ts";
import { readEngineError } from "./engine-error.ts";
import { fileLiteral, plainFile } from "./file-literal.ts";

// Faults of a statement or of its values; no damaged file gives these.
const innocent = new Set(["Conversion", "Out of Range", "Out of Memory", "Parser", "Catalog", "INTERRUPT"]);

/**
 * Looks whether an error came from a damaged or missing file, by reading the files it may have come from. DuckDB does
 * not always name the file in its words.
 */
export async function findCorruptFile(
  connection: DuckDBConnection,
  relations: Iterable<StoredRelation>,
  thrown: unknown,
): Promise<Failure | undefined> {
  if (failureIn(thrown) || innocent.has(readEngineError(thrown).type)) return undefined;
  for (const { files, schema } of relations) {
    const columns = schema.columns.map(({ name }) => quoted(name)).join(", ");
    for (const file of files) {
      const fault = await faultOf(connection, file, columns);
      if (fault !== undefined) return corruptFailure(file, fault);
    }
  }
  return undefined;
}

async function faultOf(
  connection: DuckDBConnection,
  file: string,
  columns: string,
): Promise<string | undefined> {
  try {
    await stat(file);
    await connection.run(
      `select sum(hash(${columns})) from read_parquet(${fileLiteral(file)}, ${plainFile})`,
    );
    return undefined;
  } catch (thrown) {
    if (typeof thrown === "object" && thrown !== null && "code" in thrown && thrown.code === "ENOENT") {
      return "it is missing";
    }
    return readEngineError(thrown).message.split("\n")[0] ?? "it cannot be read";
  }
}

function corruptFailure(file: string, fault: string): Failure {
  return {
    reason: "lake-corrupt",
    object: file,
    message: `The Parquet file ${file} cannot be read: ${fault}.`,
    hint: "materialize the asset it belongs to again with --force, or restore the file",
  };
}
