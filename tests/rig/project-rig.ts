import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));
export const bin = join(repository, "cli", "bin", "assets.js");

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a folder of its own, and the real command line on it. */
export interface ProjectRig {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  read(file: string): Promise<string>;
  /** Replaces `from`, which must be there, by `to`. */
  edit(file: string, from: string, to: string): Promise<void>;
  /** Sets a file's time stamp to now without changing its content. */
  touch(file: string): Promise<void>;
  run(...words: readonly string[]): Promise<CommandResult>;
  /** Like `run`, with variables for the process. */
  runWith(variables: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<CommandResult>;
  /** Runs a command with --json and parses what it printed; fails unless it exits with 0. */
  json<T>(...words: readonly string[]): Promise<T>;
  remove(): Promise<void>;
}

/** The framework's front door, as a project elsewhere on this machine imports it. */
export const framework = join(repository, "framework", "index.ts");

export async function createProjectRig(files: Readonly<Record<string, string>>): Promise<ProjectRig> {
  const folder = await mkdtemp(join(tmpdir(), "assets-project-"));
  const rig: ProjectRig = {
    folder,
    async write(file, text) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    read: (file) => readFile(join(folder, file), "utf8"),
    async edit(file, from, to) {
      const text = await rig.read(file);
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
      await rig.write(file, text.replace(from, to));
    },
    async touch(file) {
      const now = new Date();
      await utimes(join(folder, file), now, now);
    },
    run: (...words) => rig.runWith({}, ...words),
    runWith: (variables, ...words) => runCommand(folder, variables, words),
    async json(...words) {
      const result = await rig.run(...words, "--json");
      if (result.exitCode !== 0)
        throw new Error(`assets ${words.join(" ")} failed:\n${result.stdout}${result.stderr}`);
      return JSON.parse(result.stdout);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  for (const [file, text] of Object.entries(files)) await rig.write(file, text);
  return rig;
}

export function runCommand(
  folder: string,
  variables: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<CommandResult> {
  // What the person who runs the tests has set must not reach the projects under test.
  const {
    ASSETS_ENV: _env,
    ASSETS_LAKE: _lake,
    OLIST_DIR: _olist,
    NO_COLOR: _color,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, [bin, ...words], {
    cwd: folder,
    env: { ...inherited, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
