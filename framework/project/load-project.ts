import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic } from "../definition/diagnostic.ts";
import type { Failure } from "../definition/failure.ts";
import type { Config, Definitions } from "../definition/project.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { buildAssetGraph } from "../graph/build-asset-graph.ts";
import {
  type BundleFiles,
  type BundleRecord,
  bundleFile,
  type ImportTable,
  mapFile,
  readBundleRecord,
} from "./bundle-record.ts";
import { checkConfig } from "./check-config.ts";
import { digestOf } from "./file-stamp.ts";
import { isModuleMissing, loadFault } from "./load-fault.ts";
import { type PositionMap, positionMap } from "./position-map.ts";

/** A file of a project, and what it held when the project was loaded. */
export interface ProjectFile {
  /** Relative to the project's folder, `/`-separated. */
  readonly path: string;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** A project as one process sees it: its definitions run, its graph built. */
export interface LoadedProject {
  /** The folder of the config file, links resolved. */
  readonly root: string;
  readonly configFile: string;
  /** `.assets/cache` in the project's folder. Any file in it may be deleted at any time. */
  readonly cacheFolder: string;
  readonly config: Config;
  readonly definitions: Definitions;
  readonly graph: AssetGraph;
  /** What is to be warned of. */
  readonly diagnostics: readonly Diagnostic[];
  /** The modules that were loaded, sorted by path. */
  readonly files: readonly ProjectFile[];
  /** Files beside them that decide what imports lead to: package.json and lock files. */
  readonly watched: readonly ProjectFile[];
  readonly imports: ImportTable;
  /** Leads from places in the bundle, and from what its functions throw, to places in the sources. */
  readonly positions: PositionMap;
}

/**
 * Loads the project of a config file. A project that was loaded before and has not changed costs the time to look at
 * its files and to import one module. Faults are reported all at once, with their places in the sources.
 */
export async function loadProject(config: string): Promise<Result<LoadedProject, Failure>> {
  const configFile = realConfig(config);
  if (configFile === undefined) {
    return err({
      reason: "config-invalid",
      message: `there is no file ${resolve(config)}`,
      hint: "name the config file of a project",
    });
  }
  const root = dirname(configFile);
  const cacheFolder = join(root, ".assets", "cache");
  const files = bundleFiles(cacheFolder, configFile);
  const known = readBundleRecord(root, files);
  let bundled = known ? ok(known) : await bundle(root, configFile, files);
  if (!bundled.ok) return err(invalid(bundled.error));
  let run = await runBundle(root, configFile, files, bundled.value);
  if (!run.ok && known && run.error.missing) {
    // A package moved since: the bundle holds its address.
    bundled = await bundle(root, configFile, files);
    if (!bundled.ok) return err(invalid(bundled.error));
    run = await runBundle(root, configFile, files, bundled.value);
  }
  if (!run.ok) return err(invalid([run.error.diagnostic]));

  const record = bundled.value;
  const checked = checkConfig(run.value, basename(configFile));
  if (!checked.ok) return err(invalid(checked.error));
  const { definitions } = checked.value;
  const positions = positionsOf(root, files, record);
  const { graph, diagnostics } = buildAssetGraph(definitions, positions);
  positions.save();
  if (graph === undefined) return err(invalid(diagnostics));
  return ok({
    root,
    configFile,
    cacheFolder,
    config: checked.value,
    definitions,
    graph,
    diagnostics,
    files: filesOf(record.modules),
    watched: filesOf(record.watched),
    imports: record.imports,
    positions,
  });
}

/** The file's path with links in its folder resolved, as the bundler names files; undefined where there is no file. */
function realConfig(config: string): string | undefined {
  try {
    const file = join(realpathSync(dirname(resolve(config))), basename(config));
    return statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

function bundleFiles(cacheFolder: string, configFile: string): BundleFiles {
  const folder = join(cacheFolder, "project");
  return { folder, record: join(folder, `${digestOf(basename(configFile)).slice(0, 8)}.json`) };
}

async function bundle(
  root: string,
  configFile: string,
  files: BundleFiles,
): Promise<Result<BundleRecord, readonly Diagnostic[]>> {
  // With the bundler, which is needed after a change only.
  const { bundleProject } = await import("./bundle.ts");
  return await bundleProject(root, configFile, files);
}

function positionsOf(root: string, files: BundleFiles, record: BundleRecord): PositionMap {
  return positionMap(root, bundleFile(files, record.digest), mapFile(files, record.mapDigest));
}

interface Bundle {
  /** Runs the modules and gives what the config's exports. */
  load(): Promise<Readonly<Record<string, unknown>>>;
}

type RunFault = { readonly missing: boolean; readonly diagnostic: Diagnostic };

async function runBundle(
  root: string,
  configFile: string,
  files: BundleFiles,
  record: BundleRecord,
): Promise<Result<Readonly<Record<string, unknown>>, RunFault>> {
  try {
    const bundled = await import(/* @vite-ignore */ pathToFileURL(bundleFile(files, record.digest)).href);
    return ok(await (bundled as Bundle).load());
  } catch (thrown) {
    const diagnostic = loadFault(root, basename(configFile), positionsOf(root, files, record), thrown);
    return err({ missing: isModuleMissing(thrown), diagnostic });
  }
}

function filesOf(stamps: BundleRecord["modules"]): readonly ProjectFile[] {
  return Object.entries(stamps).map(([path, { digest }]) => ({ path, digest }));
}

function invalid(diagnostics: readonly Diagnostic[]): Failure {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return {
    reason: "definitions-invalid",
    diagnostics,
    message: `${errors === 1 ? "1 fault" : `${errors} faults`} in the definitions; nothing was run`,
  };
}
