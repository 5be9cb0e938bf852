import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BuildFault, ensureBuilt } from "./build.js";
import { ensureInstalled, InstallFault } from "./install.js";

// `npm test`: installs what is missing, builds what has changed, and runs vitest with the arguments that it is given.
// `--long` runs the tests of tests/long/ in place of the others.

const root = fileURLToPath(new URL("..", import.meta.url));
const long = process.argv[2] === "--long";
const parameters = process.argv.slice(long ? 3 : 2);

try {
  await ensureInstalled(root, { dev: true });
  await ensureBuilt(root);
  if (long && !hasLongTests()) console.log("There are no long tests yet: tests/long/ holds none.");
  else process.exitCode = await runVitest(parameters);
} catch (fault) {
  if (!(fault instanceof InstallFault || fault instanceof BuildFault)) throw fault;
  console.error(fault.message);
  process.exitCode = 2;
}

function hasLongTests() {
  const folder = join(root, "tests", "long");
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith(".test.ts"))
  );
}

/**
 * @param {readonly string[]} given
 * @returns {Promise<number>} vitest's exit code
 */
async function runVitest(given) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const config = long ? ["--config", "vitest.long.config.ts"] : [];
  const child = spawn(process.execPath, [vitest, "run", ...config, ...given], {
    cwd: root,
    stdio: "inherit",
  });
  // Ctrl-C reaches the child by the terminal; it ends by itself, and we after it.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
    process.on(signal, () => child.kill(signal));
  return await new Promise((resolve) => {
    child.on("close", (code) => resolve(code ?? 130));
  });
}
