import { randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableSchema } from "../../definition/schema.ts";
import { duckdbType, literal, quoted } from "./column-type.ts";
import { fileLiteral, plainFile } from "./file-literal.ts";
import { untilStopped } from "./until-stopped.ts";

export interface StageCsvRequest {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly schema: TableSchema;
  /** The view to make. */
  readonly view: string;
  /** Where to keep the bytes meanwhile. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Keeps CSV bytes in a file and makes a view of it; gives what removes the file. A file rather than a pipe, so that
 * memory stays bounded, all threads can read, and every system has it.
 */
export async function stageCsv(
  connection: DuckDBConnection,
  request: StageCsvRequest,
): Promise<() => Promise<void>> {
  const path = join(request.folder, `rows-${randomBytes(6).toString("hex")}.csv`);
  const remove = (): Promise<void> => rm(path, { force: true });
  try {
    const bytes = await keepBytes(path, request);
    await connection.run(
      `create temp view ${quoted(request.view)} as ${bytes === 0 ? noRows(request.schema) : selectCsv(path, request.schema)}`,
    );
    return remove;
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

async function keepBytes(path: string, { chunks, signal }: StageCsvRequest): Promise<number> {
  const file = await open(path, "wx");
  let bytes = 0;
  try {
    await untilStopped(chunks, signal, async (iterator, isStopped) => {
      for (;;) {
        const next = await iterator.next();
        if (isStopped() || next.done) return;
        await file.appendFile(next.value);
        bytes += next.value.byteLength;
        if (isStopped()) return;
      }
    });
    return bytes;
  } finally {
    await file.close();
  }
}

function selectCsv(path: string, { columns }: TableSchema): string {
  const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(duckdbType(type))}`);
  return `select * from read_csv(${fileLiteral(path)}, ${plainFile}, auto_detect = false, header = false, delim = ',', quote = '"',
    escape = '"', nullstr = '', allow_quoted_nulls = false, strict_mode = true, columns = {${types.join(", ")}})`;
}

function noRows({ columns }: TableSchema): string {
  return `select ${columns.map(({ name, type }) => `null::${duckdbType(type)} as ${quoted(name)}`).join(", ")} where false`;
}
