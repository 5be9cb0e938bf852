import { spawnSync } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandRun, measureOnce, rounded, summarizeRuns } from "./measure-command.ts";

/**
 * What a newcomer meets: `--help`, the whole sample from nothing to published, and `npm start` once more. Each beside a
 * bound of the same minutes: Node alone, DuckDB alone writing the same tables, and npm alone.
 */
const repository = process.cwd();
const rounds = Number(process.argv[2] ?? 5);
const folder = await mkdtemp(join(tmpdir(), "assets-first-run-"));
for (const name of [
  "assets",
  "metadata",
  "framework",
  "cli",
  "scripts",
  "dist",
  "assets.config.ts",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
]) {
  await cp(join(repository, name), join(folder, name), { recursive: true, preserveTimestamps: true });
}
await symlink(join(repository, "node_modules"), join(folder, "node_modules"));

const bin = join(folder, "cli", "bin", "assets.js");
const variables = { OLIST_DIR: "", ASSETS_LAKE: join(folder, "lake"), ASSETS_ENV: "bench" };
const measured: Record<string, CommandRun[]> = {
  node: [],
  help: [],
  npm: [],
  duckdb: [],
  sample: [],
  repeated: [],
};
const measure = async (name: string, ...command: [string, ...string[]]): Promise<void> => {
  measured[name]?.push(await measureOnce(command, { cwd: folder, variables }));
};

// Warm-up: the first start of a copy builds, and fills the caches of the project.
spawnSync(process.execPath, [bin, "plan"], { cwd: folder, env: { ...process.env, ...variables } });
for (let round = 0; round < rounds; round++) {
  await measure("node", process.execPath, "-e", "0");
  await measure("help", process.execPath, bin, "--help");
  await rm(variables.ASSETS_LAKE, { recursive: true, force: true });
  await measure("sample", process.execPath, bin, "materialize");
  await measure(
    "duckdb",
    process.execPath,
    join(repository, "node_modules", ".cache", "benchmarks", "write-sample.mjs"),
    folder,
  );
  await measure("npm", "npm", "run", "--silent", "env");
  await measure("repeated", "npm", "start", "--silent");
}
await rm(folder, { recursive: true, force: true });

const figures = Object.fromEntries(
  Object.entries(measured).map(([name, runs]) => [name, summarizeRuns(runs)]),
);
const seconds = (name: string): number => figures[name]?.medianSeconds ?? Number.NaN;
console.log(
  JSON.stringify({
    benchmark: "first-run",
    node: process.version,
    cores: availableParallelism(),
    figures,
    ratios: {
      helpOverNode: rounded(seconds("help") / seconds("node")),
      sampleOverDuckdb: rounded(seconds("sample") / seconds("duckdb")),
      repeatedOverNpm: rounded(seconds("repeated") / seconds("npm")),
    },
    targets: { helpSeconds: 0.15, sampleSeconds: 8, samplePeakMb: 500, repeatedSeconds: 0.8 },
  }),
);
