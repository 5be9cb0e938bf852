import { realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Failure } from "../../definition/failure.ts";
import { nearest } from "../../definition/nearest.ts";
import type { CsvFolder } from "../../definition/resource.ts";
import { err, ok, type Result } from "../../definition/result.ts";
import type { SourceEngine, SourceTableRequest } from "../../definition/source-port.ts";
import { failureIn, stoppedFailure } from "../../definition/stopped-failure.ts";
import { type ContentDigest, contentDigest } from "./content-digest.ts";
import { contentToken, csvSnapshot, type OpenedTable } from "./csv-snapshot.ts";
import { openDigestCache } from "./digest-cache.ts";
import { isReadablePath } from "./file-literal.ts";
import { fileState, sameState } from "./file-state.ts";
import { inspectFile, missingFile } from "./table-file.ts";
import { problemsFailure, type TableProblem } from "./table-problem.ts";

/** How often the files are looked at anew when they move while they are opened. */
const opens = 3;

export interface CsvFolderOptions {
  /** Where to remember the digests of files that do not change, so that they need not be read again; may be lost. */
  readonly cacheFile?: string;
}

/** A folder with a CSV file for each table. A file's content is its token: a new time stamp alone means nothing. */
export function openCsvFolder(resource: CsvFolder, options: CsvFolderOptions = {}): SourceEngine {
  const label = `CSV ${resource.folder}`;
  const folder = resolve(resource.folder);
  const cache = openDigestCache(options.cacheFile);

  /** The digest of each file by its table, and what is wrong with those that have none. */
  async function digests(
    base: string,
    names: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<{ found: ReadonlyMap<string, ContentDigest>; problems: readonly TableProblem[] }> {
    const found = new Map<string, ContentDigest>();
    const problems: TableProblem[] = [];
    for (const [table, name] of names) {
      const path = join(base, name);
      try {
        const content = await contentDigest(path, cache, signal);
        if (content) found.set(table, content);
        else problems.push(beingWritten(table, name));
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        problems.push(missingFile(table, name, path, thrown));
      }
    }
    await cache.save();
    return { found, problems };
  }

  /** Runs the work, with an aborted signal and a folder that is not there as failures. */
  async function guarded<T>(
    tables: readonly SourceTableRequest[],
    signal: AbortSignal,
    work: (files: ReadonlyMap<string, string>) => Promise<Result<T, readonly TableProblem[]>>,
  ): Promise<Result<T, Failure>> {
    if (signal.aborted) return err(stoppedFailure(signal));
    const names = fileNames(resource, label, tables);
    if (!names.ok) return names;
    const absent = await folderFailure(label, folder, tables);
    if (absent) return err(absent);
    // Where a link leads to is what is read.
    const base = await realpath(folder).catch(() => folder);
    const unreadable = [...names.value.values()].find((name) => !isReadablePath(join(base, name)));
    if (unreadable !== undefined) return err(unreadableFailure(label, join(base, unreadable)));
    try {
      const result = await work(names.value);
      if (signal.aborted) return err(stoppedFailure(signal));
      return result.ok ? result : err(problemsFailure(label, result.error));
    } catch (thrown) {
      if (signal.aborted) return err(failureIn(thrown) ?? stoppedFailure(signal));
      throw thrown;
    }
  }

  return {
    kind: "csv",
    label,
    synthetic: false,
    observe: (tables, signal) =>
      guarded(tables, signal, async (names) => {
        const { found, problems } = await digests(await realpath(folder), names, signal);
        if (problems.length > 0) return err(problems);
        return ok(new Map([...found].map(([table, content]) => [table, contentToken(content)])));
      }),
    open: (tables, signal) =>
      guarded(tables, signal, async (names) => {
        for (let attempt = 1; ; attempt++) {
          // A link that is set to another release meanwhile must not give tables of two releases.
          const base = await realpath(folder);
          // Headers after digests: the state is compared again after the rows, so that what is read in between is of it.
          const { found, problems } = await digests(base, names, signal);
          const opened = new Map<string, OpenedTable>();
          const allProblems = [...problems];
          for (const request of tables) {
            const content = found.get(request.table);
            const name = names.get(request.table);
            if (!content || name === undefined) continue;
            const inspected = await inspectFile(request, name, join(base, name));
            if (inspected.ok) opened.set(request.table, { file: inspected.value, content });
            else allProblems.push(...inspected.error);
          }
          if (allProblems.length > 0) return err(allProblems);
          // Each was looked at in its turn: only if none has moved since the first were they all so at one moment.
          const moved = await movedFiles(opened);
          if (moved.length === 0) return ok(csvSnapshot(label, tables, opened, cache));
          if (attempt === opens) return err(moved);
        }
      }),
    close: async () => {},
  };
}

/** Files whose state is no longer the one at which their digest was taken. */
async function movedFiles(opened: ReadonlyMap<string, OpenedTable>): Promise<readonly TableProblem[]> {
  const problems: TableProblem[] = [];
  for (const [table, { file, content }] of opened) {
    const now = await fileState(file.path).catch(() => undefined);
    if (now === undefined || !sameState(now, content.state)) problems.push(beingWritten(table, file.name));
  }
  return problems;
}

function fileNames(
  { files }: CsvFolder,
  label: string,
  tables: readonly SourceTableRequest[],
): Result<ReadonlyMap<string, string>, Failure> {
  const names = new Map<string, string>();
  const unnamed: string[] = [];
  for (const { table } of tables) {
    const name = Object.hasOwn(files, table) ? files[table] : undefined;
    if (name === undefined) unnamed.push(table);
    else names.set(table, name);
  }
  if (unnamed.length === 0) return ok(names);
  const near = unnamed.flatMap((table) => nearest(table, Object.keys(files)));
  return err({
    reason: "config-invalid",
    message: `${label} has no file for the table ${unnamed.map((table) => `"${table}"`).join(", ")}.`,
    hint:
      near.length > 0
        ? `did you mean ${near.join(", ")}?`
        : `name its file in csvFolder(); it knows ${Object.keys(files).sort().join(", ")}`,
  });
}

async function folderFailure(
  label: string,
  folder: string,
  tables: readonly SourceTableRequest[],
): Promise<Failure | undefined> {
  const state = await stat(folder).catch(() => undefined);
  if (state?.isDirectory()) return undefined;
  return {
    reason: "source-unreachable",
    source: label,
    table: tables[0]?.table ?? "",
    message: state ? `${folder} is not a folder.` : `The folder ${folder} does not exist.`,
    hint: "name the folder that holds the CSV files",
  };
}

function unreadableFailure(label: string, path: string): Failure {
  return {
    reason: "config-invalid",
    message: `${label}: ${path} has a backslash beside one of * ? [ in its path, which cannot be read.`,
    hint: "put the files into a folder without these characters",
  };
}

function beingWritten(table: string, name: string): TableProblem {
  return {
    table,
    reason: "source-unreachable",
    message: `${name} is being written`,
    hint: "run again when nothing writes to it any more",
  };
}
