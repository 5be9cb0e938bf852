import type { Failure } from "../../definition/failure.ts";

/** What keeps one table of a folder from being read. */
export interface TableProblem {
  readonly table: string;
  readonly reason: "source-unreachable" | "source-changed-shape" | "source-row-invalid";
  readonly message: string;
  readonly hint: string;
  readonly detail?: readonly string[];
}

// The graver first: where files are missing, what is wrong with others is of less help.
const gravity = ["source-unreachable", "source-changed-shape", "source-row-invalid"] as const;

/** One failure for all problems, so that they can be put right in one go. */
export function problemsFailure(source: string, problems: readonly TableProblem[]): Failure {
  const sorted = gravity.flatMap((reason) => problems.filter((problem) => problem.reason === reason));
  const [first] = sorted;
  if (!first) throw new Error("Internal error: a failure without a problem");
  const { table, reason, hint } = first;
  if (sorted.length === 1) {
    const { message, detail } = first;
    return { reason, source, table, message, hint, ...(detail && { detail }) };
  }
  return {
    reason,
    source,
    table,
    message: `${source}: ${sorted.length} things keep its tables from being read.`,
    hint: [...new Set(sorted.map((problem) => problem.hint))].join("; "),
    detail: sorted.flatMap(({ message, detail = [] }) => [message, ...detail.map((line) => `  ${line}`)]),
  };
}
