import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables that a config decides by: those of the process, and those of `.env` in the project's folder.
 *
 * The process wins, even with an empty value, so that `NAME= assets plan` can switch off what the file says. Nothing is
 * written into `process.env`: what a project reads from `.env` reaches it through `ConfigContext.variables` alone, and
 * secrets in the file are not handed on to child processes.
 */
export async function readVariables(
  root: string,
  ofProcess: Variables = process.env,
): Promise<Result<Variables, Failure>> {
  const file = join(root, ".env");
  try {
    const text = await readFile(file, "utf8");
    return ok({ ...parseEnv(text.replace(/^\uFEFF/, "")), ...ofProcess });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "ENOENT") return ok({ ...ofProcess });
    return err({
      reason: "config-invalid",
      message: `cannot read ${file} (${code ?? String(thrown)})`,
      hint: "make it a readable text file of NAME=value lines, or remove it",
    });
  }
}
