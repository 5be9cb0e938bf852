import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { BuildOptions, BuildResult, Message } from "esbuild";
import type { Diagnostic } from "../definition/diagnostic.ts";
import { nearest } from "../definition/nearest.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { type BundleTrace, bundlePlugin, modulePlace } from "./bundle-plugin.ts";
import {
  type BundleFiles,
  type BundleRecord,
  bundleFile,
  bundleFormat,
  type ImportTarget,
  mapFile,
} from "./bundle-record.ts";
import { sweepCache, writeCacheFile } from "./cache-file.ts";
import { digestOf } from "./file-stamp.ts";
import { projectPath } from "./project-path.ts";
import { importEndings, watchResolution } from "./watch-resolution.ts";

/**
 * Bundles a config and every module of the project that it reaches into one file, since importing one large module is
 * several times faster than importing a thousand small ones. Packages stay outside. All faults are reported at once.
 */
export async function bundleProject(
  root: string,
  configFile: string,
  files: BundleFiles,
): Promise<Result<BundleRecord, readonly Diagnostic[]>> {
  const trace: BundleTrace = { modules: new Map(), imports: new Map() };
  const built = await build(root, configFile, files, trace);
  if (!built.ok) return built;
  const outputs = built.value.outputFiles ?? [];
  const code = outputs.find(({ path }) => path.endsWith(".mjs"))?.contents;
  const map = outputs.find(({ path }) => path.endsWith(".map"))?.contents;
  if (!code || !map) throw new Error("Internal error: the bundler gave no bundle");

  noteFileImports(built.value, trace.imports);
  const modules = Object.fromEntries([...trace.modules].sort(byName));
  const imports = Object.fromEntries(
    [...trace.imports].sort(byName).map(([path, targets]) => [path, Object.fromEntries(targets)]),
  );
  const record: BundleRecord = {
    format: bundleFormat,
    digest: digestOf(code),
    mapDigest: digestOf(map),
    modules,
    ...watchResolution(root, Object.keys(modules), imports),
    imports,
  };
  const file = bundleFile(files, record.digest);
  // The record last: whoever reads it finds what it tells of.
  const written = writeCacheFile(mapFile(files, record.mapDigest), map) && writeCacheFile(file, code);
  if (!written) return err([unwritable(root, files.folder)]);
  writeCacheFile(files.record, JSON.stringify(record));
  sweepCache(files.folder);
  return ok(record);
}

async function build(
  root: string,
  configFile: string,
  files: BundleFiles,
  trace: BundleTrace,
): Promise<Result<BuildResult, readonly Diagnostic[]>> {
  const options: BuildOptions = {
    // Loaded as if at run time, each module becomes a function of its own. At the top of one large module the place of
    // a call takes the longer to find the more modules there are: for 10,000 of them two seconds in all.
    stdin: { contents: entryOf(configFile), resolveDir: root, sourcefile: entryName },
    absWorkingDir: root,
    outfile: join(files.folder, "bundle.mjs"),
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    charset: "utf8",
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
    logLimit: 0,
    // As Node finds packages, and the same on every machine: what tsconfig.json says of paths is not for running.
    conditions: ["node-addons"],
    mainFields: ["main"],
    resolveExtensions: [...importEndings],
    tsconfigRaw: "{}",
    define: {
      "import.meta.url": `${modulePlace}.url`,
      "import.meta.dirname": `${modulePlace}.dirname`,
      "import.meta.filename": `${modulePlace}.filename`,
    },
    plugins: [bundlePlugin(root, trace)],
  };
  const esbuild = await import("esbuild");
  try {
    return ok(await esbuild.build(options));
  } catch (thrown) {
    const { errors } = thrown as { errors?: readonly Message[] };
    if (errors === undefined) {
      return err([
        {
          code: "module-not-loaded",
          severity: "error",
          message: `the bundler does not start: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
          hint: "install the packages anew with `npm ci`, on the machine and platform that runs them",
        },
      ]);
    }
    return err(errors.map((message) => diagnosticOf(root, message)));
  }
}

const entryName = "<entry>";

function entryOf(configFile: string): string {
  return `export const load = () => import(${JSON.stringify(`./${basename(configFile)}`)});`;
}

/** Adds what relative imports lead to; an import that only names types leads nowhere. */
function noteFileImports(built: BuildResult, imports: Map<string, Map<string, ImportTarget>>): void {
  for (const [importer, { imports: found }] of Object.entries(built.metafile?.inputs ?? {})) {
    if (importer === entryName) continue;
    for (const { path, original, external } of found) {
      if (external || original === undefined) continue;
      const targets = imports.get(importer) ?? new Map<string, ImportTarget>();
      if (!targets.has(original)) imports.set(importer, targets.set(original, { to: "file", path }));
    }
  }
}

function diagnosticOf(root: string, { text, location, notes }: Message): Diagnostic {
  const missing = /^Could not resolve "(.*)"$/.exec(text)?.[1];
  const hint = missing === undefined ? notes[0]?.text : missingHint(root, missing, location?.file, notes);
  const message = missing === undefined ? text : `cannot find "${missing}"`;
  return {
    code: "module-not-loaded",
    severity: "error",
    message: location ? `${location.file}: ${message}` : message,
    ...(location && {
      position: {
        file: location.file,
        line: location.line,
        // The bundler counts columns in bytes.
        column: Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1,
      },
    }),
    ...(hint !== undefined && { hint }),
  };
}

function missingHint(
  root: string,
  specifier: string,
  importer: string | undefined,
  notes: Message["notes"],
): string {
  if (!specifier.startsWith(".")) {
    const exported = notes.find(({ text }) => text.includes("not exported"))?.text;
    if (exported !== undefined) return exported;
    return `install it with \`npm install ${specifier}\`; path aliases of tsconfig.json are not read, "imports" of package.json are`;
  }
  const asked = resolve(root, dirname(importer ?? ""), specifier);
  const near = nearest(basename(asked), namesIn(dirname(asked)));
  return near.length > 0
    ? `did you mean ${near.join(", ")}?`
    : `there is no such file in ${projectPath(root, dirname(asked)) || "."}`;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function unwritable(root: string, folder: string): Diagnostic {
  return {
    code: "config-invalid",
    severity: "error",
    message: `the cache folder ${projectPath(root, folder)} cannot be written`,
    hint: "make it a folder that this user may write",
  };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
