import { standardDialect } from "./sql.ts";

/**
 * One file as an argument of DuckDB's readers, which take every name as a pattern: a folder called `g[a]` or `la*e`
 * would else stand for others, and their rows would be read as if they were its own.
 *
 * Goes with {@link plainFile}.
 */
export function fileLiteral(path: string): string {
  return standardDialect.literal(path.replace(/[*?[]/g, (character) => `[${character}]`));
}

/** The option that every reader needs: a folder called `env=prod` would else overwrite the column `env` of all rows below it. */
export const plainFile = "hive_partitioning = false";
