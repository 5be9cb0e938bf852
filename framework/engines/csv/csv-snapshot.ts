import type { Failure } from "../../definition/failure.ts";
import type { SourceSnapshot, SourceTableRequest } from "../../definition/source-port.ts";
import type { SourceToken } from "../../definition/source-token.ts";
import { type ContentDigest, contentDigest } from "./content-digest.ts";
import { csvStatement } from "./csv-statement.ts";
import type { DigestCache } from "./digest-cache.ts";
import { fileState, sameState } from "./file-state.ts";
import { findRowFault } from "./find-row-fault.ts";
import { missingFile, type TableFile, unknownColumns } from "./table-file.ts";
import { problemsFailure } from "./table-problem.ts";

export interface OpenedTable {
  readonly file: TableFile;
  readonly content: ContentDigest;
}

/**
 * The files as they were when they were opened. Files cannot be held still, so each is looked at again once its rows
 * have been read: rows of a file that has changed meanwhile are not kept.
 */
export function csvSnapshot(
  source: string,
  requests: readonly SourceTableRequest[],
  tables: ReadonlyMap<string, OpenedTable>,
  cache: DigestCache,
): SourceSnapshot {
  return {
    tokens: new Map([...tables].map(([table, { content }]) => [table, contentToken(content)])),
    read(table) {
      const opened = tables.get(table);
      const request = requests.find((candidate) => candidate.table === table);
      if (!opened || !request) throw new Error(`Internal error: table ${table} is not in the snapshot`);
      const declared = request.schema.columns.map(({ name }) => name);
      return {
        form: "query",
        statement: csvStatement(opened.file, declared),
        relations: {},
        failureOf: (message) => rowFailure(source, opened.file, message),
        verify: () => changeFailure(source, opened, cache),
      };
    },
    warnings: [...tables.values()].flatMap(({ file }) => unknownColumns(file)),
    close: async () => {},
  };
}

export function contentToken({ digest }: ContentDigest): SourceToken {
  return { strength: "strong", value: `sha256:${digest}`, scope: "", synthetic: false };
}

async function changeFailure(
  source: string,
  { file, content }: OpenedTable,
  cache: DigestCache,
): Promise<Failure | undefined> {
  const { table, name, path } = file;
  try {
    // Equal content is not enough: it may have been another while it was read, and put back since.
    if (sameState(await fileState(path), content.state)) {
      if (content.settled) return undefined;
      const now = await contentDigest(path, cache);
      if (now?.digest === content.digest) return undefined;
    }
  } catch (thrown) {
    return problemsFailure(source, [missingFile(table, name, path, thrown)]);
  }
  return problemsFailure(source, [
    {
      table,
      reason: "source-unreachable",
      message: `${name} changed while it was read`,
      hint: "run again when nothing writes to it any more",
    },
  ]);
}

async function rowFailure(source: string, file: TableFile, message: string): Promise<Failure> {
  const { table, name, path, columns } = file;
  const base = { reason: "source-row-invalid", source, table } as const;
  try {
    const found = await findRowFault(path, columns);
    if (found) {
      const place = `${found.column === undefined ? "" : `column ${found.column}, `}line ${found.line.toLocaleString("en")}`;
      return {
        ...base,
        message: `row ${found.row.toLocaleString("en")} of ${name}: ${found.fault}`,
        hint: "fix the file or declare another format; nothing was published",
        detail: [...(found.excerpt === undefined ? [] : [found.excerpt]), place],
      };
    }
  } catch (thrown) {
    return problemsFailure(source, [missingFile(table, name, path, thrown)]);
  }
  return {
    ...base,
    message: `${name} cannot be read as CSV`,
    hint: "it must be comma-separated UTF-8 text with double quotes; nothing was published",
    detail: message.trimEnd().split("\n").slice(0, 4),
  };
}
