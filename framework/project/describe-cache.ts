import { join } from "node:path";
import type { ComputeEngine, DescribedColumn, StatementFault } from "../definition/compute-port.ts";
import type { TableSchema } from "../definition/schema.ts";
import { readCacheFile, writeCacheFile } from "./cache-file.ts";
import { digestOf } from "./file-stamp.ts";

/** A column that a statement puts out, and whether it may become the declared one; null where none is declared. */
export interface ComparedColumn extends DescribedColumn {
  readonly castable: boolean | null;
}

export type Description =
  | { readonly columns: readonly ComparedColumn[] }
  | { readonly fault: StatementFault };

export interface DescribeCache {
  describe(
    statement: string,
    relations: Readonly<Record<string, TableSchema>>,
    declared: TableSchema,
  ): Promise<Description>;
  /** Keeps what was asked for, for later processes. */
  save(): void;
}

/** Moved whenever an equal question would be answered otherwise. */
const describeFormat = 1;
/** Answers of other branches and earlier states that are kept beside those in use. */
const unusedKept = 2000;

type Answers = Readonly<Record<string, Description>>;

/** Answers what statements put out, asking the engine only what no process asked before. */
export function describeCache(engine: ComputeEngine, cacheFolder: string): DescribeCache {
  const file = join(cacheFolder, "sql", "described.json");
  const known = readAnswers(file);
  const used = new Map<string, Description>();
  let added = false;
  return {
    async describe(statement, relations, declared) {
      const about = { statement, relations, declared, engine: `${engine.kind} ${engine.version}` };
      const question = digestOf(JSON.stringify(about)).slice(0, 32);
      const answer = used.get(question) ?? known[question];
      if (answer !== undefined) {
        used.set(question, answer);
        return answer;
      }
      const described = await engine.describe(statement, relations);
      const fresh: Description = described.ok
        ? { columns: described.value.map((column) => compared(engine, column, declared)) }
        : { fault: described.error };
      used.set(question, fresh);
      added = true;
      return fresh;
    },
    save() {
      if (!added) return;
      const unused = Object.entries(known).filter(([question]) => !used.has(question));
      const kept = Object.fromEntries([...used, ...unused.slice(0, unusedKept)]);
      writeCacheFile(file, JSON.stringify({ format: describeFormat, answers: kept }));
    },
  };
}

function compared(engine: ComputeEngine, column: DescribedColumn, declared: TableSchema): ComparedColumn {
  const to = declared.columns.find(({ name }) => sameName(name, column.name));
  return { ...column, castable: to === undefined ? null : engine.castable(column, to) };
}

/** SQL does not tell names apart by case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function readAnswers(file: string): Answers {
  const cached = readCacheFile(file) as { format?: number; answers?: Answers } | undefined;
  if (cached?.format !== describeFormat || typeof cached.answers !== "object") return {};
  return Object.fromEntries(Object.entries(cached.answers ?? {}).filter(([, answer]) => isAnswer(answer)));
}

function isAnswer(answer: Description): boolean {
  if (typeof answer !== "object" || answer === null) return false;
  if ("columns" in answer) return Array.isArray(answer.columns);
  return typeof answer.fault?.message === "string";
}
