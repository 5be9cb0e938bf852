import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Major and minor version of the installed DuckDB, such as "1.5", read from its package so that it need not be started. */
export function duckdbVersion(): string {
  const path = createRequire(import.meta.url).resolve("@duckdb/node-api/package.json");
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { version: string };
  const [major, minor] = version.split(".");
  if (minor === undefined) throw new Error(`Internal error: @duckdb/node-api has version "${version}"`);
  return `${major}.${minor}`;
}
