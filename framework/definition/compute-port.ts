import type { AssetKey } from "./asset-key.ts";
import type { Check, CheckOutcome } from "./check.ts";
import type { Failure } from "./failure.ts";
import type { Result } from "./result.ts";
import type { TableSchema } from "./schema.ts";

/** A relation that a statement can read: Parquet files on this machine, and the schema of their rows. */
export interface StoredRelation {
  readonly files: readonly string[];
  readonly schema: TableSchema;
}

/** Gets the engine's words for what went wrong; undefined where the source has nothing better to say. */
export type FailureOf = (message: string) => Failure | undefined | Promise<Failure | undefined>;

/** Where the rows of a version come from. */
export type RowSource =
  | {
      /** A query in the compute engine's own SQL, over relations by name. */
      readonly form: "query";
      readonly statement: string;
      readonly relations: Readonly<Record<string, StoredRelation>>;
      /** Statements that must have run once on the engine before; run once for equal texts. */
      readonly setup?: readonly string[];
      /** Turns the engine's words into a failure that names the file, row and column, where the source knows better. */
      readonly failureOf?: FailureOf;
      /** Called when all rows were read, before they are kept: what is wrong if they are no longer those of the snapshot. */
      readonly verify?: () => Promise<Failure | undefined>;
    }
  | {
      /** CSV bytes without a header, columns in the schema's order; an unquoted empty field is null, a quoted one is empty text. */
      readonly form: "csv";
      readonly chunks: AsyncIterable<Uint8Array>;
      readonly failureOf?: FailureOf;
    }
  | {
      /** Rows as a function yields them, with the JS types of `RowOf`. */
      readonly form: "rows";
      readonly rows: AsyncIterable<Readonly<Record<string, unknown>>>;
    };

export interface WriteRequest {
  /** For messages and temporary names. */
  readonly asset: AssetKey;
  readonly rows: RowSource;
  readonly schema: TableSchema;
  /** Parquet file to write; its folder exists. Nothing is left there after a failure. */
  readonly file: string;
  /** Columns to sort by before writing; empty keeps the order of the source. */
  readonly sortBy: readonly string[];
  readonly signal: AbortSignal;
  /** Called now and then with how many rows have been written or read so far. */
  readonly onProgress?: (rows: number) => void;
}

/** What stands in a Parquet file that was written. */
export interface WrittenPart {
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
  /** Order-insensitive hash of the rows, with the algorithm and the engine's minor version in it. */
  readonly rowHash: string;
  /** Least and greatest value of each column, as text; null where all values are null or the text is longer than 64 characters. */
  readonly columns: readonly ColumnStatistics[];
}

export interface ColumnStatistics {
  readonly name: string;
  readonly min: string | null;
  readonly max: string | null;
  readonly nulls: number;
}

/** A column that a statement puts out, with the engine's own name of its type. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** A statement that the engine refuses: its words, and where in the statement (characters from 0), if it says so. */
export interface StatementFault {
  readonly message: string;
  readonly offset?: number;
}

/** A result for people: values as text. */
export interface QueryResult {
  readonly columns: readonly DescribedColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Whether there were more rows than `limit`. */
  readonly truncated: boolean;
}

/** The engine that reads and writes the lake's Parquet. */
export interface ComputeEngine {
  readonly kind: string;
  /** Its major.minor version: in the fingerprint of what it makes. Known without starting it. */
  readonly version: string;
  /** The columns that a statement would put out over empty relations of these schemas, each named as in the statement. */
  describe(
    statement: string,
    relations: Readonly<Record<string, TableSchema>>,
  ): Promise<Result<readonly DescribedColumn[], StatementFault>>;
  /** Whether a column the engine describes may be cast to a declared one without leaving its family. */
  castable(from: DescribedColumn, to: TableSchema["columns"][number]): boolean;
  write(request: WriteRequest): Promise<Result<WrittenPart, Failure>>;
  /** Rows with the JS types of `RowOf`, in batches of some thousand. */
  read(
    relation: StoredRelation,
    signal: AbortSignal,
  ): AsyncIterable<readonly Readonly<Record<string, unknown>>[]>;
  /** Evaluates checks on a version; `references` has the relation of every asset that a foreign key leads to. */
  evaluate(
    checks: readonly Check[],
    relation: StoredRelation,
    references: ReadonlyMap<AssetKey, StoredRelation>,
    signal: AbortSignal,
  ): Promise<Result<readonly CheckOutcome[], Failure>>;
  /** A query by a person over relations by name. */
  query(
    statement: string,
    relations: Readonly<Record<string, StoredRelation>>,
    limit: number,
    signal: AbortSignal,
  ): Promise<Result<QueryResult, StatementFault>>;
  close(): Promise<void>;
}
