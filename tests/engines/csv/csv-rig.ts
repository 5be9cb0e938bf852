import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Columns } from "../../../framework/definition/column.ts";
import type { WrittenPart } from "../../../framework/definition/compute-port.ts";
import type { Failure } from "../../../framework/definition/failure.ts";
import type { Result } from "../../../framework/definition/result.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { openCsvFolder } from "../../../framework/engines/csv/open-csv-folder.ts";
import { type EngineRig, openRig, type Row, unstopped } from "../engine-rig.ts";

/** A folder for CSV files beside an engine that reads them. */
export interface CsvRig {
  readonly engines: EngineRig;
  readonly folder: string;
  /** Puts a file `<table>.csv` into the folder. */
  put(table: string, content: string | Uint8Array): Promise<string>;
  /** Opens the folder, reads a table and writes it: the way a copy goes. */
  copy(table: string, columns: Columns): Promise<Result<WrittenPart & { readonly file: string }, Failure>>;
  /** The rows of a file with this content. */
  rows(columns: Columns, content: string | Uint8Array): Promise<readonly Row[]>;
  /** The failure that a file with this content gives. */
  failure(columns: Columns, content: string | Uint8Array): Promise<Failure>;
  close(): Promise<void>;
}

export async function openCsvRig(): Promise<CsvRig> {
  const folder = await mkdtemp(join(tmpdir(), "csv-"));
  const engines = await openRig();
  const rig: CsvRig = {
    engines,
    folder,
    async put(table, content) {
      const path = join(folder, `${table}.csv`);
      await writeFile(path, content);
      return path;
    },
    async copy(table, columns) {
      const schema = tableSchema(columns);
      const source = openCsvFolder({ kind: "csv", folder, files: { [table]: `${table}.csv` } });
      const snapshot = await source.open([{ table, schema }], unstopped);
      if (!snapshot.ok) return snapshot;
      const file = engines.file();
      const part = await engines.write(snapshot.value.read(table), schema, { file });
      await snapshot.value.close();
      return part.ok ? { ok: true, value: { ...part.value, file } } : part;
    },
    async rows(columns, content) {
      await rig.put("t", content);
      const part = await rig.copy("t", columns);
      if (!part.ok) throw new Error(`expected rows, got ${JSON.stringify(part.error, undefined, 2)}`);
      return engines.read({ files: [part.value.file], schema: tableSchema(columns) });
    },
    async failure(columns, content) {
      await rig.put("t", content);
      const part = await rig.copy("t", columns);
      if (part.ok) throw new Error(`expected a failure, got ${part.value.rows} rows`);
      return part.error;
    },
    async close() {
      await engines.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return rig;
}
