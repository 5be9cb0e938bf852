import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { Check, CheckOutcome } from "../../framework/definition/check.ts";
import type { ComputeEngine, StoredRelation, WriteRequest } from "../../framework/definition/compute-port.ts";
import type { Failure } from "../../framework/definition/failure.ts";
import { err, ok } from "../../framework/definition/result.ts";
import { failureIn } from "../../framework/definition/stopped-failure.ts";
import type { Row } from "./run-rig.ts";

export interface TinyEngine extends ComputeEngine {
  /** Assets that cannot be written for now. */
  readonly failing: Set<string>;
}

/** What a tiny statement gives: rows made of those of its relations, by name. */
export type TinyStatement = (
  statement: string,
  relations: Readonly<Record<string, readonly Row[]>>,
) => readonly Row[];

/**
 * A compute engine for properties over many runs: a version is a small file of JSON, and a statement is whatever the test
 * makes of it. Rows are hashed as the port asks for it: in whatever order they stand.
 */
export function tinyEngine(evaluate: TinyStatement): TinyEngine {
  const failing = new Set<string>();
  return {
    kind: "tiny",
    version: "1.0",
    failing,
    async write(request) {
      if (failing.has(request.asset))
        return err({ reason: "engine-failed", engine: "tiny", message: `${request.asset} is to fail` });
      try {
        const rows = await rowsOf(request, evaluate);
        const bytes = Buffer.from(JSON.stringify(rows));
        await writeFile(request.file, bytes);
        const sorted = rows.map((row) => JSON.stringify(row)).sort();
        return ok({
          rows: rows.length,
          bytes: bytes.length,
          digest: digest(bytes.toString()),
          rowHash: digest(sorted.join("\n")),
          columns: [],
        });
      } catch (thrown) {
        const failure: Failure = failureIn(thrown) ?? { reason: "function-threw", message: String(thrown) };
        return err(failure);
      }
    },
    async *read(relation) {
      yield await stored(relation);
    },
    async evaluate(checks, relation, references) {
      const rows = await stored(relation);
      const outcomes: CheckOutcome[] = [];
      for (const check of checks) {
        const parents = check.kind === "foreign-key" ? references.get(check.references.asset) : undefined;
        outcomes.push(outcomeOf(check, rows, parents ? await stored(parents) : []));
      }
      return ok(outcomes);
    },
    describe: async () => ok([]),
    castable: () => true,
    query: async () => err({ message: "a tiny engine answers no questions" }),
    close: async () => {},
  };
}

async function rowsOf({ rows }: WriteRequest, evaluate: TinyStatement): Promise<readonly Row[]> {
  if (rows.form === "csv") throw new Error("a tiny engine reads no CSV");
  const made: Row[] = [];
  if (rows.form === "rows") {
    for await (const row of rows.rows) made.push(row);
    return made;
  }
  const relations: Record<string, readonly Row[]> = {};
  for (const [name, relation] of Object.entries(rows.relations)) relations[name] = await stored(relation);
  return evaluate(rows.statement, relations);
}

function outcomeOf(check: Check, rows: readonly Row[], parents: readonly Row[]): CheckOutcome {
  const offending = rows.filter((row) => offends(check, row, rows, parents));
  if (offending.length === 0) return { status: "passed" };
  return { status: "failed", rows: offending.length, sampleColumns: [], sample: [] };
}

function offends(check: Check, row: Row, rows: readonly Row[], parents: readonly Row[]): boolean {
  const values = (of: Row, columns: readonly string[]): string =>
    JSON.stringify(columns.map((name) => of[name]));
  switch (check.kind) {
    case "not-null":
      return row[check.column] === null;
    case "accepted-values":
      return !check.values.some((value) => value === row[check.column]);
    case "unique":
      return rows.filter((other) => values(other, check.columns) === values(row, check.columns)).length > 1;
    case "foreign-key":
      return !parents.some(
        (parent) => values(parent, check.references.columns) === values(row, check.columns),
      );
  }
}

async function stored({ files }: StoredRelation): Promise<readonly Row[]> {
  const parts = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, "utf8"))));
  return parts.flat();
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
