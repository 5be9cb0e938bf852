import { isAbsolute, join, relative } from "node:path";
import type { RunFunction } from "../framework/definition/asset.ts";
import type { AssetKey } from "../framework/definition/asset-key.ts";
import type { ComputeEngine } from "../framework/definition/compute-port.ts";
import type { Diagnostic } from "../framework/definition/diagnostic.ts";
import type { Failure } from "../framework/definition/failure.ts";
import type { Resources } from "../framework/definition/project.ts";
import { err, ok, type Result } from "../framework/definition/result.ts";
import type { SourceEngine } from "../framework/definition/source-port.ts";
import type { AssetGraph } from "../framework/graph/asset-graph.ts";
import { parseEnvironmentName } from "../framework/lake/environments.ts";
import { openLocalStore } from "../framework/lake/storage/local.ts";
import type { Store } from "../framework/lake/storage/store.ts";
import { codeVersions } from "../framework/project/code-versions.ts";
import { findConfig } from "../framework/project/find-config.ts";
import { loadProject } from "../framework/project/load-project.ts";
import { readVariables, type Variables } from "../framework/project/read-variables.ts";

/** A loaded project with its lake and engines, as every command needs them. */
export interface ProjectSession {
  readonly root: string;
  readonly cacheFolder: string;
  readonly variables: Variables;
  readonly environmentName: string;
  readonly graph: AssetGraph;
  readonly codeVersions: ReadonlyMap<AssetKey, string>;
  readonly warnings: readonly Diagnostic[];
  readonly store: Store;
  readonly pools: Readonly<Record<string, number>>;
  readonly compute: ComputeEngine;
  readonly functionOf: (asset: AssetKey) => RunFunction | undefined;
  /** A line of a stack trace with the places of the project's sources in place of those of its bundle. */
  readonly withSources: (line: string) => string;
  /** The engine of a source's resource, opened once. */
  sourceEngine(source: string): Promise<Result<SourceEngine, Failure>>;
  close(): Promise<void>;
}

/** The folder of the project, if there is one: what positions are relative to. */
export function projectRoot(from: string): string | undefined {
  const found = findConfig(from);
  return found.ok ? join(found.value, "..") : undefined;
}

/** Finds and loads the project of a folder, and says everything that is wrong with it at once. */
export async function openProject(
  from: string,
  environment: string | undefined,
): Promise<Result<ProjectSession, Failure>> {
  const found = findConfig(from);
  if (!found.ok) return found;
  const root = join(found.value, "..");
  const variables = await readVariables(root);
  if (!variables.ok) return variables;
  const loaded = await loadProject(found.value);
  if (!loaded.ok) return loaded;
  const project = loaded.value;
  const { config, graph, cacheFolder } = project;
  const versions = await codeVersions(project, graph);
  const faults = [...project.diagnostics, ...versions.diagnostics];
  if (faults.some(({ severity }) => severity === "error")) return err(definitionsInvalid(faults));

  // An empty variable is one that is not set.
  const name = parseEnvironmentName(
    environment ?? (variables.value["ASSETS_ENV"] || config.environment || "dev"),
  );
  if (!name.ok) return name;
  const context = { environment: name.value, variables: variables.value };
  const resources = readResources(() => config.resources(context));
  if (!resources.ok) return resources;
  const lake =
    variables.value["ASSETS_LAKE"] ||
    (typeof config.lake === "function" ? config.lake(context) : config.lake);
  const store = openLake(root, lake || ".assets/lake");
  if (!store.ok) return store;
  const { createCompute, openSource } = await import("./engines.ts");
  const compute = createCompute(join(root, ".assets", "tmp"));
  const engines = new Map<string, SourceEngine>();
  const making = new Map(config.definitions.assets.map((asset) => [asset.key, asset.making]));
  return ok({
    root,
    cacheFolder,
    variables: variables.value,
    environmentName: name.value,
    graph,
    codeVersions: versions.versions,
    warnings: faults,
    store: store.value,
    pools: resources.value.pools ?? {},
    compute,
    functionOf: (asset) => {
      const how = making.get(asset);
      return how?.kind === "function" ? how.run : undefined;
    },
    withSources: (line) =>
      line.replace(/file:\/\/[^\s()]+\.mjs(?:\?[^\s:()]*)?:\d+:\d+/g, (place) => {
        const [, file = "", row, column] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
        const found = project.positions.source({ file, line: Number(row), column: Number(column) });
        return `${found.file}:${found.line}:${found.column}`;
      }),
    sourceEngine: async (source) => {
      const resource = resources.value.sources[source];
      if (resource === undefined) return err(resourceMissing(source, resources.value));
      const engine = engines.get(source) ?? openSource(resource, root, cacheFolder);
      engines.set(source, engine);
      return ok(engine);
    },
    close: async () => {
      await compute.close();
      for (const engine of engines.values()) await engine.close();
    },
  });
}

/** Definitions that hold faults, as one failure that carries them all. */
export function definitionsInvalid(diagnostics: readonly Diagnostic[]): Failure {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return {
    reason: "definitions-invalid",
    diagnostics,
    message: `${errors === 1 ? "1 fault" : `${errors} faults`} in the definitions; nothing was run`,
  };
}

function readResources(read: () => Resources): Result<Resources, Failure> {
  try {
    const resources = read();
    const wrong = Object.entries(resources.pools ?? {}).find(
      ([, limit]) => !(Number.isInteger(limit) && limit >= 1),
    );
    if (wrong === undefined) return ok(resources);
    return err({
      reason: "config-invalid",
      message: `resources of assets.config.ts: the pool "${wrong[0]}" is to run ${wrong[1]} steps at once`,
      hint: "give a whole number from 1; a pool that is left out has no limit",
    });
  } catch (thrown) {
    return err({
      reason: "config-invalid",
      message: `resources of assets.config.ts: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      hint: "mend the function `resources`, or the variable that it reads",
    });
  }
}

function resourceMissing(source: string, resources: Resources): Failure {
  const names = Object.keys(resources.sources).sort();
  return {
    reason: "resource-missing",
    message: `no resource for the source "${source}"`,
    hint: `add it to \`resources\` in assets.config.ts; there ${names.length === 1 ? "is" : "are"} ${names.join(", ") || "none"}`,
  };
}

function openLake(root: string, lake: string): Result<Store, Failure> {
  const scheme = /^([a-z0-9+.-]+):\/\//i.exec(lake)?.[1];
  if (scheme !== undefined) {
    return err({
      reason: "lake-unusable",
      object: lake,
      message: `this version keeps a lake in a folder only, and "${lake}" is none`,
      hint: "set ASSETS_LAKE to a folder",
    });
  }
  const folder = isAbsolute(lake) ? lake : join(root, lake);
  const shown = relative(process.cwd(), folder);
  return ok(openLocalStore(folder, shown.startsWith("..") ? folder : `./${shown}`));
}
