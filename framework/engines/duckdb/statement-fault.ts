import type { StatementFault } from "../../definition/compute-port.ts";
import { characterOffset, readEngineError } from "./engine-error.ts";

/** What DuckDB has against a statement, and where. */
export function statementFault(thrown: unknown, statement: string): StatementFault {
  const { message, byteOffset } = readEngineError(thrown);
  return {
    message: message.trimEnd(),
    ...(byteOffset !== undefined && { offset: characterOffset(statement, byteOffset) }),
  };
}
