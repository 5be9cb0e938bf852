import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { Columns } from "../../framework/definition/column.ts";
import type {
  ComputeEngine,
  RowSource,
  StoredRelation,
  WriteRequest,
  WrittenPart,
} from "../../framework/definition/compute-port.ts";
import type { Failure } from "../../framework/definition/failure.ts";
import type { Result } from "../../framework/definition/result.ts";
import { type TableSchema, tableSchema } from "../../framework/definition/schema.ts";
import { createDuckdbEngine } from "../../framework/engines/duckdb/create-duckdb-engine.ts";

export const unstopped = new AbortController().signal;

export type Row = Readonly<Record<string, unknown>>;

/** A DuckDB engine over a temporary folder, with short ways to write and read. */
export interface EngineRig {
  readonly engine: ComputeEngine;
  /** Where Parquet is written. */
  readonly folder: string;
  file(): string;
  write(
    rows: RowSource,
    schema: TableSchema,
    options?: Partial<WriteRequest>,
  ): Promise<Result<WrittenPart, Failure>>;
  /** Writes rows and gives them as a relation. */
  store(columns: Columns, rows: Iterable<Row>, primaryKey?: readonly string[]): Promise<StoredRelation>;
  read(relation: StoredRelation): Promise<readonly Row[]>;
  /** The names in the folder. */
  names(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openRig(): Promise<EngineRig> {
  const root = await mkdtemp(join(tmpdir(), "engines-"));
  const folder = await mkdtemp(join(root, "lake-"));
  const engine = createDuckdbEngine({ temporaryFolder: join(root, "spill"), threads: 2 });
  let count = 0;
  const rig: EngineRig = {
    engine,
    folder,
    file: () => join(folder, `part-${++count}.parquet`),
    write: (rows, schema, options = {}) =>
      engine.write({
        asset: "made" as AssetKey,
        rows,
        schema,
        file: rig.file(),
        sortBy: [],
        signal: unstopped,
        ...options,
      }),
    async store(columns, rows, primaryKey = []) {
      const schema = tableSchema(columns, primaryKey);
      const file = rig.file();
      unwrap(await rig.write(rowsFrom(rows), schema, { file }));
      return { files: [file], schema };
    },
    async read(relation) {
      const rows: Row[] = [];
      for await (const batch of engine.read(relation, unstopped)) rows.push(...batch);
      return rows;
    },
    names: async () => (await readdir(folder)).sort(),
    async close() {
      await engine.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return rig;
}

export function rowsFrom(rows: Iterable<Row>): RowSource {
  return {
    form: "rows",
    rows: (async function* () {
      yield* rows;
    })(),
  };
}

export function queryFrom(
  statement: string,
  relations: Readonly<Record<string, StoredRelation>> = {},
): RowSource {
  return { form: "query", statement, relations };
}

export function unwrap<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`expected a value, got ${JSON.stringify(result.error, undefined, 2)}`);
  return result.value;
}

export function errorOf<E>(result: Result<unknown, E>): E {
  if (result.ok) throw new Error(`expected a fault, got ${JSON.stringify(result.value, printable)}`);
  return result.error;
}

function printable(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
