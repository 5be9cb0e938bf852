import { dirname, join, resolve } from "node:path";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { isFile } from "./real-path.ts";

/** Names that a project's config can have; the first that is there counts. */
const configNames = ["assets.config.ts", "assets.config.js", "assets.config.mjs"] as const;

/** The config file of the project that a folder belongs to: in the folder itself or the nearest one above it. */
export function findConfig(from: string): Result<string, Failure> {
  const searched: string[] = [];
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of configNames) {
      const file = join(folder, name);
      if (isFile(file)) return ok(file);
    }
    searched.push(folder);
    if (dirname(folder) === folder) break;
  }
  return err({
    reason: "config-invalid",
    message: `no ${configNames[0]} in ${searched[0]} or any folder above it`,
    hint: `run this in a project's folder, or write ${configNames[0]} with \`export const config = defineConfig({ … })\``,
    detail: searched.map((folder) => `looked in ${folder}`),
  });
}
