import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBResult } from "@duckdb/node-api";
import type { QueryResult, StatementFault, StoredRelation } from "../../definition/compute-port.ts";
import { nearest } from "../../definition/nearest.ts";
import { err, ok, type Result } from "../../definition/result.ts";
import { stoppedFailure } from "../../definition/stopped-failure.ts";
import { connectedOr } from "./connected-or-fault.ts";
import { findCorruptFile } from "./corrupt-file.ts";
import type { Database } from "./database.ts";
import { readEngineError } from "./engine-error.ts";
import { interruptible } from "./interruptible.ts";
import { createViews } from "./relation-view.ts";
import { singleStatement, withoutComments } from "./single-statement.ts";
import { statementFault } from "./statement-fault.ts";
import { valueText } from "./value-text.ts";

/** Runs a query by a person over relations by name, and gives at most `limit` of its rows as text. */
export function query(
  database: Database,
  statement: string,
  relations: Readonly<Record<string, StoredRelation>>,
  limit: number,
  signal: AbortSignal,
): Promise<Result<QueryResult, StatementFault>> {
  return connectedOr(database.connected, async (connection) => {
    const used = mentioned(relations, statement);
    try {
      await createViews(connection, used);
      const prepared = await prepareQuery(connection, statement);
      if (!prepared.ok) return prepared;
      const result = await interruptible(connection, signal, () => prepared.value.stream());
      return ok(await interruptible(connection, signal, () => takeRows(result, limit)));
    } catch (thrown) {
      if (signal.aborted) return err({ message: stoppedFailure(signal).message });
      const corrupt = await findCorruptFile(connection, Object.values(used), thrown);
      if (corrupt) {
        return err({
          message: corrupt.hint === undefined ? corrupt.message : `${corrupt.message} ${corrupt.hint}`,
        });
      }
      return err(withNearNames(statementFault(thrown, statement), thrown, relations));
    }
  });
}

// A view costs opening its files, and there can be thousands of relations: only names that occur in the text matter.
// A list of tables needs all names, but no rows.
function mentioned(
  relations: Readonly<Record<string, StoredRelation>>,
  statement: string,
): Readonly<Record<string, StoredRelation>> {
  const text = statement.toLowerCase();
  const isList = /^show\b/i.test(withoutComments(statement));
  return Object.fromEntries(
    Object.entries(relations).flatMap(([name, relation]) => {
      if (text.includes(name.toLowerCase())) return [[name, relation]];
      return isList ? [[name, { ...relation, files: [] }]] : [];
    }),
  );
}

const notAQuery: StatementFault = {
  message: "only a query can be run here: select, with, from, values, describe, summarize, show or explain",
};

async function prepareQuery(
  connection: DuckDBConnection,
  statement: string,
): Promise<Result<DuckDBPreparedStatement, StatementFault>> {
  const single = await singleStatement(connection, statement);
  if (!single.ok) return single;
  const { StatementType } = await import("@duckdb/node-api");
  // `explain analyze` runs what it explains, so that must be a query too.
  const explained = /^explain\s+(?:analyze\s+)?([\s\S]*)$/i.exec(withoutComments(statement))?.[1];
  if (explained !== undefined) {
    const inner = await singleStatement(connection, explained);
    if (!inner.ok) return err(notAQuery);
    if (isPragma(explained)) return err(notAQuery);
    if ((await inner.value.prepare()).statementType !== StatementType.SELECT) return err(notAQuery);
  }
  if (isPragma(statement)) return err(notAQuery);
  const prepared = await single.value.prepare();
  const wanted = explained === undefined ? StatementType.SELECT : StatementType.EXPLAIN;
  if (prepared.statementType !== wanted) return err(notAQuery);
  if (prepared.parameterCount > 0) {
    return err({ message: "it has a parameter ($1 or ?) that nothing gives a value to" });
  }
  return ok(prepared);
}

// DuckDB rewrites some pragmas into queries.
function isPragma(statement: string): boolean {
  return /^pragma\b/i.test(withoutComments(statement));
}

async function takeRows(result: DuckDBResult, limit: number): Promise<QueryResult> {
  const columns = Array.from({ length: result.columnCount }, (_, index) => ({
    name: result.columnName(index),
    type: String(result.columnType(index)),
  }));
  const rows: (string | null)[][] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return { columns, rows, truncated: false };
    for (const row of chunk.getRows()) {
      if (rows.length === limit) return { columns, rows, truncated: true };
      rows.push(row.map(valueText));
    }
  }
}

function withNearNames(
  fault: StatementFault,
  thrown: unknown,
  relations: Readonly<Record<string, StoredRelation>>,
): StatementFault {
  const name = /^Table with name (.+) does not exist!/.exec(readEngineError(thrown).message)?.[1];
  if (name === undefined) return fault;
  const near = nearest(name, Object.keys(relations));
  const hint = near.length > 0 ? `Did you mean ${near.map((other) => `"${other}"`).join(", ")}?` : undefined;
  return { ...fault, message: `There is no "${name}".${hint === undefined ? "" : ` ${hint}`}` };
}
