import type { RowSource } from "./compute-port.ts";
import type { Failure } from "./failure.ts";
import type { Result } from "./result.ts";
import type { TableSchema } from "./schema.ts";
import type { SourceToken } from "./source-token.ts";

/** A table to be read, as metadata declares it. */
export interface SourceTableRequest {
  readonly table: string;
  readonly schema: TableSchema;
}

/** A connection to external data. */
export interface SourceEngine {
  /** Its kind: "csv", "generated", "mysql". */
  readonly kind: string;
  /** What to call it at the start of a run, without secrets: "CSV ./olist", "MySQL shop@db:3306". */
  readonly label: string;
  /** Whether its rows are made up. */
  readonly synthetic: boolean;
  /** The present token of each table asked for: a prediction of what a snapshot will hold. */
  observe(
    tables: readonly SourceTableRequest[],
    signal: AbortSignal,
  ): Promise<Result<ReadonlyMap<string, SourceToken>, Failure>>;
  /** Opens one consistent moment over all tables asked for. */
  open(tables: readonly SourceTableRequest[], signal: AbortSignal): Promise<Result<SourceSnapshot, Failure>>;
  close(): Promise<void>;
}

/** One consistent moment of a source. Its tokens are the truth that versions are filed under. */
export interface SourceSnapshot {
  readonly tokens: ReadonlyMap<string, SourceToken>;
  /** The rows of one of the tables it was opened over. */
  read(table: string): RowSource;
  /** What the source has that the metadata does not know of, such as a new column: shown, not fatal. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}
