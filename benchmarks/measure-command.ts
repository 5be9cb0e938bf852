import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One run of a whole process, its children included. */
export interface CommandRun {
  readonly seconds: number;
  /** Peak of the largest of its Node processes, in MB. */
  readonly peakMb: number;
}

export interface Measured {
  readonly runs: number;
  readonly medianSeconds: number;
  readonly leastSeconds: number;
  readonly mostSeconds: number;
  readonly medianPeakMb: number;
}

/** Runs a command and measures it from outside. Throws if it does not exit with 0: a failed run is no figure. */
export async function measureOnce(
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly variables?: Readonly<Record<string, string>> },
): Promise<CommandRun> {
  const folder = await mkdtemp(join(tmpdir(), "assets-bench-"));
  const file = join(folder, "memory");
  const preload = join(process.cwd(), "benchmarks", "report-memory.cjs");
  const [program, ...words] = command;
  const started = performance.now();
  const child = spawn(program, words, {
    cwd: options.cwd,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      ...options.variables,
      ASSETS_MEMORY_FILE: file,
      NODE_OPTIONS: `--require ${preload}`,
    },
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  const seconds = (performance.now() - started) / 1000;
  const peaks = (await readFile(file, "utf8").catch(() => "0")).trim().split("\n").map(Number);
  await rm(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`${command.join(" ")} exited with ${code}:\n${errors}`);
  return { seconds, peakMb: Math.max(...peaks) / 1024 };
}

export function summarizeRuns(runs: readonly CommandRun[]): Measured {
  const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b);
  return {
    runs: runs.length,
    medianSeconds: rounded(median(seconds)),
    leastSeconds: rounded(seconds[0] ?? Number.NaN),
    mostSeconds: rounded(seconds.at(-1) ?? Number.NaN),
    medianPeakMb: Math.round(median(runs.map((run) => run.peakMb).sort((a, b) => a - b))),
  };
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
