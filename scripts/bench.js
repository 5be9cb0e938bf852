import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BuildFault, ensureBuilt } from "./build.js";
import { ensureInstalled, InstallFault } from "./install.js";

// `npm run bench -- <name>`: runs benchmarks/<name>.ts, which prints one line of JSON. Timed by hand, never by a test.

const root = fileURLToPath(new URL("..", import.meta.url));
const [name, ...parameters] = process.argv.slice(2);
const names = readdirSync(join(root, "benchmarks"))
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.replace(/\.bench\.ts$/, ""));

try {
  if (name === undefined || !names.includes(name)) {
    console.error(`name a benchmark: npm run bench -- ${names.join(" | ")}`);
    process.exitCode = 2;
  } else {
    await ensureInstalled(root, { dev: true });
    await ensureBuilt(root);
    process.exitCode = await run(name);
  }
} catch (fault) {
  if (!(fault instanceof InstallFault || fault instanceof BuildFault)) throw fault;
  console.error(fault.message);
  process.exitCode = 2;
}

/**
 * @param {string} benchmark
 * @returns {Promise<number>} its exit code
 */
async function run(benchmark) {
  const { build } = await import("esbuild");
  const outdir = join(root, "node_modules", ".cache", "benchmarks");
  // All of them: one may run another as a process of its own.
  await build({
    entryPoints: names.map((each) => ({ in: join(root, "benchmarks", `${each}.bench.ts`), out: each })),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  const child = spawn(process.execPath, [join(outdir, `${benchmark}.mjs`), ...parameters], {
    cwd: root,
    stdio: "inherit",
  });
  return await new Promise((resolve) => {
    child.on("close", (code) => resolve(code ?? 1));
  });
}
