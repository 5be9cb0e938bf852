import { isFrameworkFile } from "./framework-files.ts";
import type { LoadedProject } from "./load-project.ts";
import type { ModuleSummaries } from "./module-summaries.ts";
import type { NameTargets } from "./name-targets.ts";

/** All modules that some modules load, at once or while they run, themselves among them. */
export function loadedWith(project: LoadedProject, modules: Iterable<string>): ReadonlySet<string> {
  const loaded = new Set(modules);
  for (const module of loaded) {
    for (const target of Object.values(project.imports[module] ?? {})) {
      if (target.to === "file") loaded.add(target.path);
    }
  }
  return loaded;
}

/** Modules whose loading does something beside declaring, sorted by path. */
export type DoingModules = readonly string[];

/** More of them than this are taken together: the work stays in proportion, and more becomes stale than need be. */
const mostApart = 100;

/**
 * For each module those that it loads and whose loading does something beside declaring: they may change what its
 * functions do. In one order for equal projects.
 */
export function loadEffects(
  project: LoadedProject,
  summaries: ModuleSummaries,
  targets: NameTargets,
): ReadonlyMap<string, readonly DoingModules[]> {
  const importers = new Map<string, string[]>();
  for (const module of summaries.keys()) {
    for (const target of Object.values(project.imports[module] ?? {})) {
      if (target.to !== "file") continue;
      const known = importers.get(target.path);
      if (known) known.push(module);
      else importers.set(target.path, [module]);
    }
  }
  const doing = [...summaries.keys()]
    .sort()
    .filter((module) => effectsOf(project, summaries, targets, module).length > 0);
  const groups: readonly DoingModules[] =
    doing.length > mostApart ? [doing] : doing.map((module) => [module]);
  const found = new Map<string, DoingModules[]>();
  for (const group of groups) {
    const above = new Set(group);
    for (const importer of above) for (const next of importers.get(importer) ?? []) above.add(next);
    for (const importer of above) {
      const known = found.get(importer);
      if (known) known.push(group);
      else found.set(importer, [group]);
    }
  }
  return found;
}

/** The declarations and statements of a module that do something when it is loaded; -1 for all of it. */
export function effectsOf(
  project: LoadedProject,
  summaries: ModuleSummaries,
  targets: NameTargets,
  module: string,
): readonly number[] {
  const summary = summaries.get(module);
  if (summary === undefined || isFrameworkFile(project.root, module)) return [];
  if (summary.whole) return /\.(json|txt)$/.test(module) ? [] : [-1];
  return summary.declarations.flatMap(({ effect }, number) =>
    targets.isHarmless(module, effect) ? [] : [number],
  );
}
