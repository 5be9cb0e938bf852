/** The nine files or so of a folder, one for each table of the source. */
export interface CsvFolder {
  readonly kind: "csv";
  readonly folder: string;
  /** File name of each table, by the table's name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Tables that are made by SQL, such as a built-in sample: no data of anybody's, so they never replace real data. */
export interface GeneratedTables {
  readonly kind: "generated";
  /** What to call it: "built-in sample". */
  readonly label: string;
  /** Loaded only when something is read from it. */
  readonly load: () => Promise<GeneratedQueries>;
}

/** SQL for DuckDB; the same text must always give the same rows. */
export interface GeneratedQueries {
  /**
   * Statements that are run once before the tables are read, in a schema of their own: `create table`, `create macro`.
   * Not `create temporary`: each table is read over another connection, which would not see it.
   */
  readonly setup: readonly string[];
  /** One query for each table, by the table's name. */
  readonly tables: Readonly<Record<string, string>>;
}

/** Where a source's data is. A resource is never hashed: the same rows from elsewhere make nothing stale. */
export type SourceResource = CsvFolder | GeneratedTables;

/** A folder with a CSV file for each table. */
export function csvFolder(folder: string, files: Readonly<Record<string, string>>): CsvFolder {
  return { kind: "csv", folder, files };
}

/** Tables that SQL generates. */
export function generatedTables(label: string, load: () => Promise<GeneratedQueries>): GeneratedTables {
  return { kind: "generated", label, load };
}
