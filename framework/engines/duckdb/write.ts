import { randomBytes } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { WriteRequest, WrittenPart } from "../../definition/compute-port.ts";
import type { Failure } from "../../definition/failure.ts";
import { err, ok, type Result } from "../../definition/result.ts";
import { failureIn, stoppedFailure } from "../../definition/stopped-failure.ts";
import { castFailure, castStatement } from "./cast-columns.ts";
import { literal, quoted } from "./column-type.ts";
import { findCorruptFile } from "./corrupt-file.ts";
import type { Database } from "./database.ts";
import { readEngineError } from "./engine-error.ts";
import { engineFailure, FailureError } from "./failure-of.ts";
import { interruptible, throwIfStopped } from "./interruptible.ts";
import { summarizePart } from "./part-summary.ts";
import { pollProgress } from "./progress.ts";
import { staged, stageSource } from "./stage-source.ts";
import { syncFile, syncFolder } from "./sync-file.ts";

/** Writes rows to a Parquet file: whole, synced and named, or not at all. */
export async function write(
  database: Database,
  request: WriteRequest,
): Promise<Result<WrittenPart, Failure>> {
  const folder = dirname(request.file);
  const temporary = join(folder, `.${basename(request.file)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const part = await database.connected(async (connection) => {
      const release = await stageOrExplain(database, connection, request);
      try {
        await copy(database, connection, request, temporary);
      } finally {
        await release();
      }
      await verifySource(request);
      const [{ digest, bytes }, summary] = await Promise.all([
        syncFile(temporary),
        database.slots.run(() =>
          interruptible(connection, request.signal, () =>
            summarizePart(connection, temporary, request.schema),
          ),
        ),
      ]);
      return { ...summary, bytes, digest };
    });
    throwIfStopped(request.signal);
    await rename(temporary, request.file);
    await syncFolder(folder);
    request.onProgress?.(part.rows);
    return ok(part);
  } catch (thrown) {
    await rm(temporary, { force: true });
    if (request.signal.aborted) return err(failureIn(thrown) ?? stoppedFailure(request.signal));
    return err(engineFailure(thrown, `wrote ${request.asset}`));
  }
}

async function stageOrExplain(
  database: Database,
  connection: DuckDBConnection,
  request: WriteRequest,
): Promise<() => Promise<void>> {
  try {
    return await stageSource(database, connection, request);
  } catch (thrown) {
    throw await explained(connection, request, thrown);
  }
}

async function copy(
  database: Database,
  connection: DuckDBConnection,
  request: WriteRequest,
  file: string,
): Promise<void> {
  const { schema, sortBy, signal } = request;
  const cast = await castStatement(connection, staged, schema, request.asset);
  const order = sortBy.length === 0 ? "" : ` order by ${sortBy.map(quoted).join(", ")}`;
  // Errors tell an offset without telling in which statement. Blanks before ours make it lie beyond the end of the source's.
  const before = `${" ".repeat(request.rows.form === "query" ? request.rows.statement.length * 4 : 0)}copy (`;
  // Level 1 takes an eighth less time than DuckDB's 3, for files of a few percent more.
  const statement = `${before}${cast.text}${order}) to ${literal(file)}
    (format parquet, compression zstd, compression_level 1, use_tmp_file false)`;
  const stopPolling = pollProgress(connection, request);
  try {
    await database.slots.run(() => interruptible(connection, signal, () => connection.run(statement)));
  } catch (thrown) {
    const explanation = await explained(connection, request, thrown);
    if (explanation !== thrown) throw explanation;
    const failure = castFailure(thrown, before.length, cast, request.asset);
    throw failure ? new FailureError(failure) : thrown;
  } finally {
    stopPolling();
  }
}

/** The error in the words of whoever knows best: the lake's damaged file, the source, or DuckDB. */
async function explained(
  connection: DuckDBConnection,
  { rows, signal }: WriteRequest,
  thrown: unknown,
): Promise<unknown> {
  if (signal.aborted || failureIn(thrown) || rows.form === "rows") return thrown;
  if (rows.form === "query") {
    const corrupt = await findCorruptFile(connection, Object.values(rows.relations), thrown);
    if (corrupt) return new FailureError(corrupt);
  }
  const failure = await rows.failureOf?.(readEngineError(thrown).message);
  return failure ? new FailureError(failure) : thrown;
}

async function verifySource({ rows }: WriteRequest): Promise<void> {
  const failure = rows.form === "query" ? await rows.verify?.() : undefined;
  if (failure) throw new FailureError(failure);
}
