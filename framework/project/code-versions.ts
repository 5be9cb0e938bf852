import { join } from "node:path";
import type { AssetKey } from "../definition/asset-key.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import type { AssetSpec } from "../graph/asset-spec.ts";
import { readCacheFile, writeCacheFile } from "./cache-file.ts";
import { digestOf } from "./file-stamp.ts";
import { type FunctionVersion, functionVersion } from "./function-version.ts";
import type { LoadedProject } from "./load-project.ts";
import { installationMark } from "./locked-version.ts";
import type { RunCall } from "./module-summary.ts";
import { normalizeSql } from "./normalize-sql.ts";
import { isWithin, type ProjectCode, projectCode } from "./project-code.ts";

/** The code versions of a project's assets: texts that are equal where the code means the same, and else differ. */
export interface CodeVersions {
  readonly versions: ReadonlyMap<AssetKey, string>;
  /** Why the code version of a function cannot be told. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Moved whenever equal code would be given another version, or other diagnostics. */
const versionsFormat = 6;

/**
 * The code version of every asset of a graph. A copy's is where it copies from. A statement's is its normal form, and
 * nothing of the code that built it. A function's is the code that it reaches. What an earlier process found is kept, so
 * that code which has not changed is not read.
 */
export async function codeVersions(project: LoadedProject, graph: AssetGraph): Promise<CodeVersions> {
  const file = join(project.cacheFolder, "project", "code-versions.json");
  const basis = basisOf(project, graph);
  const cached = readVersions(file, basis, graph);
  if (cached) return cached;
  const specs = [...graph.assets.values()];
  const functions = await functionVersions(
    project,
    graph,
    specs.filter(({ making }) => making.kind === "function"),
  );
  const versions = new Map<AssetKey, string>();
  for (const { key, making } of specs) {
    if (making.kind === "copy")
      versions.set(key, `c1:${digestOf(JSON.stringify([making.source, making.table]))}`);
    else if (making.kind === "sql") versions.set(key, `s1:${digestOf(normalizeSql(making.statement))}`);
    else versions.set(key, functions.get(key)?.version ?? "");
  }
  const diagnostics = unique([...functions.values()].flatMap((found) => found.diagnostics));
  writeCacheFile(file, JSON.stringify({ basis, versions: [...versions], diagnostics }));
  return { versions, diagnostics };
}

/** All that code versions depend on, as one hash: the modules, what imports lead to, lock files, statements. */
function basisOf(project: LoadedProject, graph: AssetGraph): string {
  const assets = [...graph.assets.values()].map(({ key, making, position }) => {
    const place = position ? `${position.file}:${position.line}:${position.column}` : "";
    return [key, place, making.kind === "sql" ? making.statement : making];
  });
  const files = [project.files, project.watched].map((list) =>
    list.map(({ path, digest }) => [path, digest]),
  );
  const installed = installationMark(project.root);
  return digestOf(JSON.stringify([versionsFormat, files, project.imports, installed, assets]));
}

function readVersions(file: string, basis: string, graph: AssetGraph): CodeVersions | undefined {
  const cached = readCacheFile(file) as
    | { basis?: string; versions?: readonly [AssetKey, string][]; diagnostics?: readonly Diagnostic[] }
    | undefined;
  if (cached?.basis !== basis || !Array.isArray(cached.versions) || !Array.isArray(cached.diagnostics))
    return undefined;
  const versions = new Map<AssetKey, string>(cached.versions);
  const complete = [...graph.assets.keys()].every((key) => typeof versions.get(key) === "string");
  return complete ? { versions, diagnostics: cached.diagnostics } : undefined;
}

async function functionVersions(
  project: LoadedProject,
  graph: AssetGraph,
  functions: readonly AssetSpec[],
): Promise<ReadonlyMap<AssetKey, FunctionVersion>> {
  const versions = new Map<AssetKey, FunctionVersion>();
  if (functions.length === 0) return versions;
  const known = new Set(project.files.map(({ path }) => path));
  const modules = functions.flatMap(({ position }) =>
    position && known.has(position.file) ? [position.file] : [],
  );
  const code = await projectCode(project, graph, modules);
  for (const spec of functions) versions.set(spec.key, versionOf(project, spec, code));
  return versions;
}

function versionOf(project: LoadedProject, spec: AssetSpec, code: ProjectCode): FunctionVersion {
  const { key, position } = spec;
  const summary = position && code.summaries.get(position.file);
  if (position === undefined || summary === undefined || summary.whole) {
    // Made by code that is not the project's, such as a function of a package that makes assets: what the project gave
    // to it cannot be seen, so that everything counts.
    const files = [...project.files, ...project.watched].map(({ path, digest }) => [path, digest]);
    return { version: `f1:${digestOf(JSON.stringify([key, files]))}`, diagnostics: [] };
  }
  const call = innermost(summary.runs.filter(({ callee }) => isWithin(callee, position)));
  if (call) return functionVersion(key, position.file, call, code);
  const diagnostic: Diagnostic = {
    code: "code-free-name",
    severity: "error",
    message: `${key}: its run cannot be seen where the asset is defined`,
    hint: "write `run` among the options, in the call of asset.run itself and after anything spread into them",
    position,
  };
  return { version: `f1:${digestOf(key)}`, diagnostics: [diagnostic] };
}

/** Of calls around one place the one that begins last: `asset.run` in `wrap(asset.run(…))`. */
function innermost(calls: readonly RunCall[]): RunCall | undefined {
  const [first] = calls.toSorted(
    ({ callee: [lineA, columnA] }, { callee: [lineB, columnB] }) => lineB - lineA || columnB - columnA,
  );
  return first;
}

/** Assets of one definition share their faults, but for the key in the message. */
function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const text = JSON.stringify(diagnostic);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
