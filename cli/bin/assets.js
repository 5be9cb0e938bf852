#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import * as module from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

// Keeps compiled code between starts, from Node 22.1 on.
if ("enableCompileCache" in module && typeof module.enableCompileCache === "function")
  module.enableCompileCache();

const root = new URL("../../", import.meta.url);
try {
  const { main } = await import((await entry()).href);
  process.exitCode = await main(process.argv.slice(2));
} catch (fault) {
  if (!(fault instanceof Error && fault.name === "BuildFault")) throw fault;
  process.stderr.write(`${fault.message}\n`);
  process.exitCode = 2;
}
// Work that was given up may still hold timers and handles; what was printed goes out first.
process.stdout.write("", () => process.exit());

/** The file that holds `main`: in a checkout of the sources it is built first where it is not current. */
async function entry() {
  const build = new URL("scripts/build.js", root);
  if (existsSync(build)) {
    const { ensureBuilt } = await import(build.href);
    return pathToFileURL((await ensureBuilt(fileURLToPath(root))).main);
  }
  const { main } = JSON.parse(readFileSync(new URL("dist/.inputs.json", root), "utf8"));
  return new URL(`dist/${main}`, root);
}
