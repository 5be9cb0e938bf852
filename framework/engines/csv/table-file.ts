import { nearest } from "../../definition/nearest.ts";
import type { Result } from "../../definition/result.ts";
import { err, ok } from "../../definition/result.ts";
import type { SourceTableRequest } from "../../definition/source-port.ts";
import { fieldRule } from "./field-rule.ts";
import type { FileColumn } from "./find-row-fault.ts";
import { readHeader } from "./read-header.ts";
import type { TableProblem } from "./table-problem.ts";

/** A table's file, and what its header says. */
export interface TableFile {
  readonly table: string;
  /** As the resource names it. */
  readonly name: string;
  readonly path: string;
  /** All columns of the file, in its order; those without a rule are left out. */
  readonly columns: readonly FileColumn[];
}

const copyAgain = "copy or export the file again; nothing was published";

/** Compares a file's header with the columns that metadata declares. Gives all that is wrong, not only the first. */
export async function inspectFile(
  { table, schema }: SourceTableRequest,
  name: string,
  path: string,
): Promise<Result<TableFile, readonly TableProblem[]>> {
  const reading = await readHeader(path).catch((thrown: unknown) => missingFile(table, name, path, thrown));
  if ("reason" in reading) return err([reading]);
  switch (reading.kind) {
    case "empty": {
      const message = `${name} is empty: it has not even a header`;
      return err([{ table, reason: "source-row-invalid", message, hint: copyAgain }]);
    }
    case "truncated": {
      const message = `${name} ends in the middle of a row: there is no line break at its end`;
      const last = reading.last.length > 80 ? `${reading.last.slice(0, 80)}…` : reading.last;
      return err([
        { table, reason: "source-row-invalid", message, hint: copyAgain, detail: [JSON.stringify(last)] },
      ]);
    }
    case "unreadable": {
      const message = `${name} cannot be read: ${reading.fault}`;
      return err([{ table, reason: "source-row-invalid", message, hint: copyAgain }]);
    }
    case "header": {
      const problems = headerProblems(table, name, schema.columns, reading.names);
      if (problems.length > 0) return err(problems);
      const rules = new Map(schema.columns.map((column) => [column.name, fieldRule(column.type)]));
      const columns = reading.names.map((columnName) => {
        const rule = rules.get(columnName);
        return { name: columnName, ...(rule && { rule }) };
      });
      return ok({ table, name, path, columns });
    }
  }
}

/** The problem of a file that cannot be opened. */
export function missingFile(table: string, name: string, path: string, thrown: unknown): TableProblem {
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
  const fault =
    code === "ENOENT" || code === "ENOTDIR" ? "is missing" : `cannot be read (${code || String(thrown)})`;
  return {
    table,
    reason: "source-unreachable",
    message: `${name} ${fault}`,
    hint: "put the file there, or choose another source",
    detail: [path],
  };
}

function headerProblems(
  table: string,
  name: string,
  declared: SourceTableRequest["schema"]["columns"],
  present: readonly string[],
): readonly TableProblem[] {
  const problems: TableProblem[] = [];
  const add = (message: string, hint: string): void => {
    const detail = [`the header has ${present.join(", ")}`];
    problems.push({ table, reason: "source-changed-shape", message, hint, detail });
  };
  for (const column of declared) {
    const times = present.filter((other) => other === column.name).length;
    if (times > 1) add(`${name} has ${times} columns ${column.name}`, "name the columns apart");
    if (times > 0) continue;
    const free = present.filter((other) => !declared.some(({ name: known }) => known === other));
    const near = nearest(column.name, free);
    add(
      `${name} has no column ${column.name}${near.length > 0 ? `; near it: ${near.join(", ")}` : ""}`,
      "put the column back, or change the table's metadata",
    );
  }
  return problems;
}

/** What the file has that nobody asked for. */
export function unknownColumns({ name, columns }: TableFile): readonly string[] {
  return columns
    .filter(({ rule }) => rule === undefined)
    .map((column) => `${name} has a column ${column.name} that the metadata does not know; it is left out`);
}
