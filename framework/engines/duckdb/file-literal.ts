import { sep } from "node:path";
import { literal } from "./column-type.ts";
import { FailureError } from "./failure-of.ts";

/**
 * One file as an argument of DuckDB's readers, which take every name as a pattern: a folder called `g[a]` or `la*e`
 * would else stand for others, and their rows would be read as if they were its own. Goes with {@link plainFile}.
 * Throws a {@link FailureError} for a path that cannot be written so.
 */
export function fileLiteral(path: string): string {
  const escaped = path.replace(/[*?[]/g, (character) => `[${character}]`);
  // Inside a pattern a backslash takes the meaning of what follows it; there is no way to write it as itself.
  if (escaped !== path && sep !== "\\" && path.includes("\\")) {
    throw new FailureError({
      reason: "lake-unusable",
      object: path,
      message: `DuckDB cannot read ${path}: it has a backslash beside one of * ? [ in its path.`,
      hint: "keep the lake and the temporary folder in folders without these characters",
    });
  }
  return literal(escaped);
}

/** The option that every reader needs: a folder called `env=prod` would else overwrite the column `env` of all rows below it. */
export const plainFile = "hive_partitioning = false";
