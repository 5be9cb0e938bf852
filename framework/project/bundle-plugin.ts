import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import type { ImportTarget } from "./bundle-record.ts";
import { type FileStamp, fileState, stampOf } from "./file-stamp.ts";
import { packageOf, projectPath } from "./project-path.ts";

/** What a bundle was made from, noted while it is made. */
export interface BundleTrace {
  /** The stamps of the very bytes that were bundled, by project path. */
  readonly modules: Map<string, FileStamp>;
  /** What imports of packages and of the platform lead to, by importer and specifier. */
  readonly imports: Map<string, Map<string, ImportTarget>>;
}

/** In a bundle `import.meta` would tell of the bundle; each module is given its own place under this name instead. */
export const modulePlace = "__assetsModulePlace";

const loaders: Readonly<Record<string, Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
  ".json": "json",
  ".txt": "text",
};

const again = Symbol("again");

/** Reads modules and leaves packages outside, under the address they have as seen from the module that imports them. */
export function bundlePlugin(root: string, trace: BundleTrace): Plugin {
  return {
    name: "project",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, (request) => resolveBare(root, trace, build, request));
      build.onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => load(root, trace, path));
    },
  };
}

async function resolveBare(
  root: string,
  trace: BundleTrace,
  build: PluginBuild,
  request: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  if (request.kind === "entry-point" || request.pluginData === again || isAbsolute(request.path))
    return undefined;
  const note = (target: ImportTarget): void => {
    const importer = projectPath(root, request.importer);
    const targets = trace.imports.get(importer) ?? new Map<string, ImportTarget>();
    trace.imports.set(importer, targets.set(request.path, target));
  };
  if (isBuiltin(request.path)) {
    const name = request.path.replace(/^node:/, "");
    note({ to: "platform", name });
    return { path: `node:${name}`, external: true };
  }
  const { kind, importer, namespace, resolveDir } = request;
  const options = { kind, importer, namespace, resolveDir, with: request.with, pluginData: again };
  const found = await build.resolve(request.path, options);
  if (found.errors.length > 0) {
    // A package that is loaded only when it is needed may be missing until then.
    if (kind === "dynamic-import") return { path: request.path, external: true };
    return { errors: found.errors.map(({ text, notes }) => ({ text, notes })) };
  }
  const installed = packageOf(root, found.path);
  if (installed === undefined) {
    note({ to: "file", path: projectPath(root, found.path) });
    return { path: found.path, sideEffects: found.sideEffects };
  }
  note({ to: "package", ...installed });
  return { path: pathToFileURL(found.path).href, external: true };
}

function load(root: string, trace: BundleTrace, path: string): OnLoadResult {
  const loader = loaders[extname(path)];
  if (loader === undefined) {
    return { errors: [{ text: `a file of the kind "${extname(path)}" cannot be imported` }] };
  }
  try {
    const before = fileState(path);
    const contents = readFileSync(path);
    trace.modules.set(projectPath(root, path), stampOf(path, contents, before));
    return { contents: withPlace(path, contents, loader), loader };
  } catch (thrown) {
    return { errors: [{ text: `cannot be read (${(thrown as NodeJS.ErrnoException).code ?? thrown})` }] };
  }
}

function withPlace(path: string, contents: Buffer, loader: Loader): string | Uint8Array {
  if (loader === "json" || loader === "text" || !contents.includes("import.meta")) return contents;
  const place = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  const text = contents.toString("utf8").replace(/^\uFEFF/, "");
  // On the line of the first statement, so that all lines keep their numbers; a line that begins with #! stays first.
  const start = /^#![^\n]*\n/.exec(text)?.[0].length ?? 0;
  return `${text.slice(0, start)}const ${modulePlace} = ${JSON.stringify(place)}; ${text.slice(start)}`;
}
