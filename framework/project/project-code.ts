import type { AssetGraph } from "../graph/asset-graph.ts";
import { digestOf } from "./file-stamp.ts";
import { loadedWith, loadSteps } from "./load-order.ts";
import type { LoadedProject } from "./load-project.ts";
import { lockedVersions } from "./locked-version.ts";
import { type ModuleSummaries, moduleSummaries } from "./module-summaries.ts";
import type { TextRange } from "./module-summary.ts";
import { nameTargets } from "./name-targets.ts";
import { projectPath } from "./project-path.ts";
import { type LinkedCode, reachedCode } from "./reached-code.ts";

/** The code of a project, as far as its function assets reach. */
export interface ProjectCode extends LinkedCode {
  /** The hash of what loading the project does beside declaring. */
  loadDigest(): string;
  /** The key of the asset that a declaration defines. */
  assetOf(module: string, number: number): string | undefined;
  definesAssets(module: string): boolean;
}

/** Reads the code of a project: that which its config loads, and with it some more modules. */
export async function projectCode(
  project: LoadedProject,
  graph: AssetGraph,
  modules: Iterable<string>,
): Promise<ProjectCode> {
  const start = projectPath(project.root, project.configFile);
  const summaries = await moduleSummaries(project, loadedWith(project, [start, ...modules]));
  const targets = nameTargets(project, summaries);
  const versionOf = lockedVersions(project.root);
  const digests = new Map(project.files.map(({ path, digest }) => [path, digest]));
  const assets = assetsByDeclaration(graph, summaries);
  let loading: string | undefined;
  const code: ProjectCode = {
    summaries,
    targets,
    versionOf,
    loadDigest() {
      if (loading !== undefined) return loading;
      const steps = loadSteps(project, summaries, targets, start);
      const outside = steps.map((step) => {
        if ("name" in step) return versionOf(step.name, step.folder);
        return summaries.get(step.module)?.whole ? code.wholeDigest(step.module) : null;
      });
      const starts = steps.map((step) => {
        if ("name" in step) return { module: start, trees: [] };
        const { module, numbers } = step;
        const declarations = summaries.get(module)?.declarations ?? [];
        return { module, trees: numbers.flatMap((number) => declarations[number]?.tree ?? []) };
      });
      loading = digestOf(JSON.stringify([outside, reachedCode(code, starts)]));
      return loading;
    },
    assetOf: (module, number) => assets.get(module)?.get(number),
    definesAssets: (module) => assets.has(module),
    wholeDigest(module) {
      const parts = [...loadedWith(project, [module])].flatMap((path) => [
        digests.get(path) ?? "",
        ...Object.values(project.imports[path] ?? {}).map((target) =>
          target.to === "package" ? versionOf(target.name, target.folder) : "",
        ),
      ]);
      // The module itself first; of the others only what they hold counts, not where they are.
      return digestOf(JSON.stringify([parts[0], parts.slice(1).sort()]));
    },
  };
  return code;
}

/**
 * The declarations that define assets, told by where assets say that they are defined. A call inside a function is no
 * definition of the module's: the function makes assets for others.
 */
function assetsByDeclaration(
  graph: AssetGraph,
  summaries: ModuleSummaries,
): ReadonlyMap<string, ReadonlyMap<number, string>> {
  const found = new Map<string, Map<number, string>>();
  for (const { key, position } of graph.assets.values()) {
    const declarations = position && summaries.get(position.file)?.declarations;
    if (!position || !declarations) continue;
    const number = declarations.findIndex(({ range }) => isWithin(range, position));
    if (number < 0 || declarations[number]?.functions.some((range) => isWithin(range, position))) continue;
    const ofModule = found.get(position.file) ?? new Map<number, string>();
    found.set(position.file, ofModule.set(number, key));
  }
  return found;
}

export function isWithin(
  [line, column, endLine, endColumn]: TextRange,
  place: { readonly line: number; readonly column: number },
): boolean {
  const afterStart = place.line > line || (place.line === line && place.column >= column);
  return afterStart && (place.line < endLine || (place.line === endLine && place.column <= endColumn));
}
