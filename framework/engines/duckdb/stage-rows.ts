import { setImmediate as nextTurn } from "node:timers/promises";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { AssetKey } from "../../definition/asset-key.ts";
import type { ColumnType } from "../../definition/column.ts";
import type { Failure } from "../../definition/failure.ts";
import { nearest } from "../../definition/nearest.ts";
import type { ColumnSchema, TableSchema } from "../../definition/schema.ts";
import { failureIn } from "../../definition/stopped-failure.ts";
import { unreachable } from "../../definition/unreachable.ts";
import { columnDefinitions, quoted } from "./column-type.ts";
import { FailureError } from "./failure-of.ts";
import { expectedValue, refused, type StagedValue, shownValue, stagedValue } from "./row-value.ts";
import { thrownFailure } from "./thrown-failure.ts";
import { untilStopped } from "./until-stopped.ts";

type Row = Readonly<Record<string, unknown>>;

export interface StageRowsRequest {
  readonly asset: AssetKey;
  readonly rows: AsyncIterable<Row>;
  readonly schema: TableSchema;
  /** The table to make. */
  readonly table: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (rows: number) => void;
}

// What DuckDB takes in one piece.
const chunkRows = 2048;

/**
 * Puts the rows that a function yields into a temporary table, never ahead of the writing: a row is only asked for when
 * those before it are stored. A null in a column that is not nullable passes: its check counts them all.
 */
export async function stageRows(connection: DuckDBConnection, request: StageRowsRequest): Promise<void> {
  const { schema, table } = request;
  if (typeof request.rows?.[Symbol.asyncIterator] !== "function") {
    throw new FailureError(
      thrownFailure(new TypeError("it gave no async generator of rows: write async *run")),
    );
  }
  const duckdb = await import("@duckdb/node-api");
  await connection.run(`create temp table ${quoted(table)} (${columnDefinitions(schema.columns)})`);
  const appender = await connection.createAppender(table, "main", "temp");
  const columns = schema.columns.map((column) => createColumn(duckdb, column));
  const types = columns.map(({ type }) => type);
  let staged = 0;

  const append = (pending: number): void => {
    const chunk: DuckDBDataChunk = duckdb.DuckDBDataChunk.create(types, pending);
    chunk.setColumns(columns.map(({ take }) => take()));
    appender.appendDataChunk(chunk);
    staged += pending;
  };

  await untilStopped(request.rows, request.signal, async (rows, isStopped) => {
    let pending = 0;
    for (;;) {
      const next = await nextRow(rows);
      if (isStopped()) return;
      if (next.done) break;
      addRow(columns, next.value, request.asset, staged + pending + 1);
      pending += 1;
      if (pending < chunkRows) continue;
      append(pending);
      pending = 0;
      request.onProgress?.(staged);
      // A function that never waits would otherwise keep timers and signals from being seen.
      await nextTurn();
      if (isStopped()) return;
    }
    if (pending > 0) append(pending);
  });
  appender.closeSync();
  request.onProgress?.(staged);
}

async function nextRow(rows: AsyncIterator<Row>): Promise<IteratorResult<Row>> {
  try {
    return await rows.next();
  } catch (thrown) {
    throw new FailureError(failureIn(thrown) ?? thrownFailure(thrown));
  }
}

interface StagedColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly declared: ColumnType;
  add(value: unknown): boolean;
  take(): readonly DuckDBValue[];
}

function addRow(columns: readonly StagedColumn[], row: Row, asset: AssetKey, number: number): void {
  if (typeof row !== "object" || row === null) {
    throw invalid(asset, number, `it is ${shownValue(row)}, not an object with a property for each column`);
  }
  let present = 0;
  for (const column of columns) {
    const value = row[column.name];
    if (value !== undefined) present += 1;
    else throw missing(columns, row, asset, number);
    if (!column.add(value)) {
      const wanted = expectedValue(column.declared);
      throw invalid(asset, number, `${column.name} is ${shownValue(value)}, not ${wanted}`);
    }
  }
  const names = Object.keys(row);
  if (names.length === present) return;
  const declared = columns.map(({ name }) => name);
  const extra = names.find((name) => !declared.includes(name)) ?? "";
  const near = nearest(extra, declared);
  throw invalid(
    asset,
    number,
    `it has a property "${extra}", which is no column`,
    near.length > 0 ? `did you mean ${near.join(", ")}?` : `the columns are ${declared.join(", ")}`,
  );
}

function missing(columns: readonly StagedColumn[], row: Row, asset: AssetKey, number: number): FailureError {
  const absent = columns.filter(({ name }) => row[name] === undefined).map(({ name }) => name);
  return invalid(
    asset,
    number,
    `it has no ${absent.join(", ")}`,
    "yield a value for every column; null where there is none",
  );
}

function invalid(asset: AssetKey, row: number, fault: string, hint?: string): FailureError {
  const failure: Failure = {
    reason: "row-invalid",
    message: `Row ${row.toLocaleString("en")} of ${asset}: ${fault}.`,
    hint: hint ?? "yield values of the declared type, or declare another",
  };
  return new FailureError(failure);
}

function createColumn(duckdb: typeof import("@duckdb/node-api"), column: ColumnSchema): StagedColumn {
  const stage = stagedValue(column.type);
  const { type, wrap } = storage(duckdb, column.type);
  let values: DuckDBValue[] = [];
  return {
    name: column.name,
    type,
    declared: column.type,
    add(value) {
      const staged = value === null ? null : stage(value);
      if (staged === refused) return false;
      values.push(staged === null ? null : wrap(staged));
      return true;
    },
    take() {
      const taken = values;
      values = [];
      return taken;
    },
  };
}

/** How DuckDB is given the values of a column. */
function storage(
  duckdb: typeof import("@duckdb/node-api"),
  type: ColumnType,
): { type: DuckDBType; wrap(value: Exclude<StagedValue, typeof refused>): DuckDBValue } {
  const plain = (value: DuckDBValue): DuckDBValue => value;
  switch (type.kind) {
    case "string":
      return { type: duckdb.VARCHAR, wrap: plain };
    case "int32":
      return { type: duckdb.INTEGER, wrap: plain };
    case "int64":
      return { type: duckdb.BIGINT, wrap: plain };
    case "double":
      return { type: duckdb.DOUBLE, wrap: plain };
    case "boolean":
      return { type: duckdb.BOOLEAN, wrap: plain };
    case "decimal": {
      const { precision, scale } = type;
      return {
        type: duckdb.DECIMAL(precision, scale),
        wrap: (value) => new duckdb.DuckDBDecimalValue(BigInt(value), precision, scale),
      };
    }
    case "date":
      return { type: duckdb.DATE, wrap: (value) => new duckdb.DuckDBDateValue(Number(value)) };
    case "timestamp":
      return { type: duckdb.TIMESTAMP, wrap: (value) => new duckdb.DuckDBTimestampValue(BigInt(value)) };
    default:
      return unreachable(type);
  }
}
