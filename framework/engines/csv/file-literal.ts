import { sep } from "node:path";
import { standardDialect } from "../../definition/sql.ts";

/**
 * One file as an argument of DuckDB's CSV reader, which takes every name as a pattern: a folder called `g[a]` or `s*`
 * would else stand for others, and their rows would be read as if they were its own. Goes with {@link plainFile}.
 */
export function fileLiteral(path: string): string {
  return standardDialect.literal(path.replace(/[*?[]/g, (character) => `[${character}]`));
}

/** Whether {@link fileLiteral} can name the file: inside a pattern a backslash takes the meaning of what follows it. */
export function isReadablePath(path: string): boolean {
  return sep === "\\" || !path.includes("\\") || !/[*?[]/.test(path);
}

/** The option that the reader needs: a folder called `c0=9` would else overwrite the column `c0` of all rows below it. */
export const plainFile = "hive_partitioning = false";
