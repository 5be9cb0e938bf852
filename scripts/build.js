import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * What dist/ was built from, and which of its files is the entry. It is the only pointer into dist/: every other file
 * is named by its content, so that two builds at once, or a process that runs on while a new build is made, never see
 * a mixture.
 *
 * @typedef {{
 *   formatVersion: 1,
 *   main: string,
 *   outputs: string[],
 *   inputs: { path: string, size: number, mtimeMs: number, digest: string }[],
 * }} BuildManifest
 */

const manifestName = ".inputs.json";
const dayMs = 24 * 3600 * 1000;

/** Files that decide what a build is, beside the sources it reads. The lock file stands for everything in node_modules. */
const fixedInputs = ["package.json", "package-lock.json", "tsconfig.json", "scripts/build.js"];

/** They hold machine code, or files that they look for at run time; the rest starts faster inside the bundle. */
const external = ["@duckdb/node-api", "esbuild", "oxc-parser"];

/**
 * V8 reads a regular expression in full when it parses the file around it, and that over all emoji takes 14 ms.
 *
 * @type {import("esbuild").Plugin}
 */
const lazyEmoji = {
  name: "lazy-emoji",
  setup(bundle) {
    bundle.onLoad({ filter: /node_modules[\\/]string-width[\\/]index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(
        "/^\\p{RGI_Emoji}$/v",
        String.raw`new LazyRegExp("^\\p{RGI_Emoji}$", "v")`,
      ),
    }));
  },
};

/** Faults in the sources, already in words for people. */
export class BuildFault extends Error {
  /** @override */
  name = "BuildFault";
}

/**
 * Builds dist/ if anything it was made from has changed.
 *
 * @param {string} root the project's folder
 * @returns {Promise<{ main: string, built: boolean }>} the file to import, and whether there was something to do
 */
export async function ensureBuilt(root) {
  const current = currentBuild(root);
  if (current) return { main: join(root, "dist", current.main), built: false };
  return { main: join(root, "dist", (await build(root)).main), built: true };
}

/**
 * The build in dist/ if it is of the sources as they are. Costs one stat for each source: contents are only read where
 * size agrees and time stamp does not, as after a checkout.
 *
 * @param {string} root
 * @returns {BuildManifest | undefined}
 */
export function currentBuild(root) {
  const manifest = readManifest(root);
  if (!manifest) return undefined;
  let touched = false;
  for (const input of manifest.inputs) {
    const path = join(root, input.path);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.size !== input.size) return undefined;
    if (found.mtimeMs === input.mtimeMs) continue;
    if (digestOf(path) !== input.digest) return undefined;
    input.mtimeMs = found.mtimeMs;
    touched = true;
  }
  if (!statSync(join(root, "dist", manifest.main), { throwIfNoEntry: false })) return undefined;
  if (touched) replaceFile(join(root, "dist", manifestName), JSON.stringify(manifest));
  return manifest;
}

/**
 * Bundles the CLI into dist/: one file to start, and one for each command, loaded when it is used.
 *
 * @param {string} root
 * @returns {Promise<BuildManifest>}
 */
export async function build(root) {
  // Finer than Date.now(), as time stamps of files are.
  const startedMs = performance.timeOrigin + performance.now();
  const { build: bundle } = await import("esbuild").catch((cause) => {
    throw new BuildFault("The packages are not installed. Run `npm ci` (or `npm start`, which does).", {
      cause,
    });
  });
  const result = await bundle({
    absWorkingDir: root,
    entryPoints: ["cli/main.ts"],
    outdir: "dist",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    jsx: "automatic",
    // Node 20 has the flag v; lowered, such expressions would be compiled on loading in place of on use.
    supported: { "regexp-set-notation": true },
    inject: ["scripts/lazy-unicode.js"],
    define: { "Intl.Segmenter": "LazySegmenter" },
    plugins: [lazyEmoji],
    // Function and class names are part of messages and stack traces.
    keepNames: true,
    sourcemap: "linked",
    external,
    metafile: true,
    write: false,
    logLevel: "silent",
    color: process.stderr.isTTY === true,
  }).catch((/** @type {import("esbuild").BuildFailure} */ fault) => {
    throw new BuildFault(fault.message, { cause: fault });
  });

  const dist = join(root, "dist");
  mkdirSync(dist, { recursive: true });
  const previous = readManifest(root);
  const outputs = result.outputFiles.map(({ path }) => basename(path));
  for (const { path, contents } of result.outputFiles) replaceFile(join(dist, basename(path)), contents);
  const main = Object.entries(result.metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint === "cli/main.ts",
  );
  if (!main) throw new Error("Internal error: the build has no entry");
  const sources = Object.keys(result.metafile.inputs).filter((path) => !/(^|\/)node_modules\//.test(path));
  /** @type {BuildManifest} */
  const manifest = {
    formatVersion: 1,
    main: basename(main[0]),
    outputs,
    inputs: [...fixedInputs, ...sources].map((path) => inputOf(root, path, startedMs)),
  };
  replaceFile(join(dist, manifestName), JSON.stringify(manifest));
  sweep(dist, outputs, previous?.outputs ?? []);
  return manifest;
}

/**
 * @param {string} root
 * @param {string} path
 * @param {number} startedMs
 */
function inputOf(root, path, startedMs) {
  const { size, mtimeMs } = statSync(join(root, path));
  // A file that was written while it was being bundled may be another one than was read: let it count as changed.
  const digest = mtimeMs < startedMs ? digestOf(join(root, path)) : "";
  return { path, size, mtimeMs: digest === "" ? 0 : mtimeMs, digest };
}

/**
 * Removes what earlier builds left, a day after it was superseded: a process of theirs may still load a command.
 *
 * @param {string} dist
 * @param {readonly string[]} current
 * @param {readonly string[]} previous
 */
function sweep(dist, current, previous) {
  const now = new Date();
  const keep = new Set([...current, manifestName]);
  for (const name of readdirSync(dist).filter((file) => !keep.has(file))) {
    const path = join(dist, name);
    try {
      if (previous.includes(name)) utimesSync(path, now, now);
      else if (now.getTime() - statSync(path).mtimeMs > dayMs) rmSync(path, { recursive: true });
    } catch {
      // Another build is sweeping too.
    }
  }
}

/**
 * @param {string} root
 * @returns {BuildManifest | undefined}
 */
function readManifest(root) {
  try {
    /** @type {BuildManifest} */
    const manifest = JSON.parse(readFileSync(join(root, "dist", manifestName), "utf8"));
    return manifest.formatVersion === 1 ? manifest : undefined;
  } catch {
    // None, or half of one: built anew.
    return undefined;
  }
}

/** @param {string} path */
function digestOf(path) {
  // Costs 4 ms to load, and where nothing has changed nothing is hashed.
  /** @type {typeof import("node:crypto")} */
  const { createHash } = createRequire(import.meta.url)("node:crypto");
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/**
 * Writes a file so that no reader ever sees half of it.
 *
 * @param {string} path
 * @param {string | Uint8Array} contents
 */
function replaceFile(path, contents) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const { built } = await ensureBuilt(fileURLToPath(new URL("..", import.meta.url)));
    console.log(built ? "Built dist/." : "dist/ is current.");
  } catch (fault) {
    if (!(fault instanceof BuildFault)) throw fault;
    console.error(fault.message);
    process.exitCode = 1;
  }
}
