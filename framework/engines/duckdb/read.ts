import type { DuckDBBlobVector, DuckDBConnection, DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import type { ColumnType } from "../../definition/column.ts";
import type { StoredRelation } from "../../definition/compute-port.ts";
import { quoted } from "./column-type.ts";
import { findCorruptFile } from "./corrupt-file.ts";
import type { Database } from "./database.ts";
import { engineFailure, FailureError } from "./failure-of.ts";
import { interruptible, throwIfStopped } from "./interruptible.ts";
import { selectStored } from "./relation-view.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * Streams the rows of a relation, a batch at a time: the next is read when it is asked for. What can go wrong (a damaged
 * file, an aborted signal) is thrown as an error that carries a {@link FailureError.failure}.
 */
export async function* read(
  database: Database,
  relation: StoredRelation,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[], void, void> {
  const lease = await leaseConnection(database).catch((thrown: unknown) => {
    throw new FailureError(engineFailure(thrown, "read an input"));
  });
  const { connection } = lease;
  try {
    const result = await interruptible(connection, signal, () => connection.stream(selectForJs(relation)));
    const columns = relation.schema.columns.map(({ name, type }) => ({ name, read: columnReader(type) }));
    for (;;) {
      const chunk = await interruptible(connection, signal, () => fetchChunk(result));
      if (!chunk) return;
      yield rowsOf(chunk, columns);
      throwIfStopped(signal);
    }
  } catch (thrown) {
    const corrupt = signal.aborted
      ? undefined
      : await findCorruptFile(connection, [relation], thrown).catch(() => undefined);
    throw new FailureError(corrupt ?? engineFailure(thrown, "read an input"));
  } finally {
    lease.release();
  }
}

// A generator ends in its own time, so the connection is lent until it says so.
async function leaseConnection(
  database: Database,
): Promise<{ connection: DuckDBConnection; release(): void }> {
  return new Promise((resolve, reject) => {
    database
      .connected((connection) => new Promise<void>((release) => resolve({ connection, release })))
      .catch(reject);
  });
}

async function fetchChunk(result: DuckDBResult): Promise<DuckDBDataChunk | undefined> {
  const chunk = await result.fetchChunk();
  return chunk && chunk.rowCount > 0 ? chunk : undefined;
}

// Values are turned in SQL into what JS has a type for. Texts leave as bytes: DuckDB's own reading of texts drops a
// byte order mark at their beginning.
function selectForJs(relation: StoredRelation): string {
  const columns = relation.schema.columns.map(({ name, type }) => {
    const column = quoted(name);
    switch (type.kind) {
      case "string":
        return `encode(${column})`;
      case "decimal":
      case "date":
        return `encode(${column}::varchar)`;
      case "timestamp":
        return `epoch_us(${column})`;
      default:
        return column;
    }
  });
  return `select ${columns.join(", ")} from (${selectStored(relation)})`;
}

type ReadColumn = (chunk: DuckDBDataChunk, index: number) => readonly unknown[];

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function columnReader(type: ColumnType): ReadColumn {
  switch (type.kind) {
    case "string":
    case "decimal":
    case "date":
      return readTexts;
    default:
      return readPlain;
  }
}

function readTexts(chunk: DuckDBDataChunk, index: number): readonly unknown[] {
  const vector = chunk.getColumnVector(index) as DuckDBBlobVector;
  const values = new Array<string | null>(vector.itemCount);
  for (let row = 0; row < values.length; row++) {
    const bytes = vector.getItemBytes(row);
    values[row] = bytes === null ? null : decoder.decode(bytes);
  }
  return values;
}

function readPlain(chunk: DuckDBDataChunk, index: number): readonly unknown[] {
  const vector = chunk.getColumnVector(index);
  const values = new Array<unknown>(vector.itemCount);
  for (let row = 0; row < values.length; row++) values[row] = vector.getItem(row);
  return values;
}

function rowsOf(
  chunk: DuckDBDataChunk,
  columns: readonly { readonly name: string; readonly read: ReadColumn }[],
): readonly Row[] {
  const values = columns.map(({ read: readColumn }, index) => readColumn(chunk, index));
  const rows = new Array<Record<string, unknown>>(chunk.rowCount);
  for (let row = 0; row < rows.length; row++) {
    const made: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column) made[column.name] = values[index]?.[row];
    }
    rows[row] = made;
  }
  return rows;
}
