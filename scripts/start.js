import * as module from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureBuilt } from "./build.js";
import { ensureInstalled } from "./install.js";

// `npm start`: from a fresh clone to published tables. Only Node's own modules until the packages are there.

// Keeps compiled code between starts, from Node 22.1 on.
if ("enableCompileCache" in module && typeof module.enableCompileCache === "function")
  module.enableCompileCache();

const root = fileURLToPath(new URL("..", import.meta.url));
try {
  await ensureInstalled(root, { dev: false });
  const { main } = await import(pathToFileURL((await ensureBuilt(root)).main).href);
  process.exitCode = await main(["materialize", ...process.argv.slice(2)]);
} catch (fault) {
  if (!(fault instanceof Error && /^(Install|Build)Fault$/.test(fault.name))) throw fault;
  process.stderr.write(`${fault.message}\n`);
  process.exitCode = 2;
}
// Work that was given up may still hold timers and handles; what was printed goes out first.
process.stdout.write("", () => process.exit());
