import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import type { StatementFault } from "../../definition/compute-port.ts";
import { err, ok, type Result } from "../../definition/result.ts";
import { statementFault } from "./statement-fault.ts";

/** A statement that is the only one of its text, parsed but not yet looked at closer. */
export interface SingleStatement {
  prepare(): Promise<DuckDBPreparedStatement>;
}

/** Parses a text that must hold one statement. */
export async function singleStatement(
  connection: DuckDBConnection,
  text: string,
): Promise<Result<SingleStatement, StatementFault>> {
  try {
    const extracted = await connection.extractStatements(text);
    if (extracted.count === 1) return ok({ prepare: () => extracted.prepare(0) });
    return err({ message: `one statement is wanted, and these are ${extracted.count}` });
  } catch (thrown) {
    // DuckDB has no words of its own for a text without a statement.
    if (isBlank(text)) return err({ message: "the statement is empty" });
    return err(statementFault(thrown, text));
  }
}

function isBlank(text: string): boolean {
  return /^\s*;*\s*$/.test(withoutComments(text));
}

/** The text without comments at its beginning: what it begins with. */
export function withoutComments(text: string): string {
  return text.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, "");
}
