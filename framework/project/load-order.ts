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

/** Something that does more than declare when a project is loaded. */
export type LoadStep =
  /** The declarations and statements of a module that do it; -1 for all of the module. */
  | { readonly module: string; readonly numbers: readonly number[] }
  /** A package that is imported without names, for what loading it does. */
  | { readonly name: string; readonly folder: string };

/**
 * What loading a project does beside declaring, in the order in which it is done: what a module imports comes before
 * the module itself. Modules that are imported while code runs come after all others, since nobody can tell when.
 */
export function loadSteps(
  project: LoadedProject,
  summaries: ModuleSummaries,
  targets: NameTargets,
  start: string,
): readonly LoadStep[] {
  const steps: LoadStep[] = [];
  const visited = new Set<string>();
  const packages = new Set<string>();
  visit(start);
  for (const module of visited) {
    const imports = Object.entries(project.imports[module] ?? {});
    for (const [, target] of imports.sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (target.to === "file") visit(target.path);
    }
  }
  return steps;

  // By a stack of its own: a chain of imports may be longer than calls can be deep.
  function visit(first: string): void {
    const open = [enter(first)];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const specifier = top.left.shift();
      if (specifier === undefined) {
        open.pop();
        const numbers = top.isNew ? effectsOf(project, summaries, targets, top.module) : [];
        if (numbers.length > 0) steps.push({ module: top.module, numbers });
        continue;
      }
      const target = project.imports[top.module]?.[specifier];
      if (target?.to === "file") open.push(enter(target.path));
      else if (target?.to === "package" && top.bare.has(specifier) && !packages.has(target.folder)) {
        packages.add(target.folder);
        steps.push({ name: target.name, folder: target.folder });
      }
    }
  }

  function enter(module: string): {
    readonly module: string;
    readonly isNew: boolean;
    readonly left: string[];
    readonly bare: ReadonlySet<string>;
  } {
    const isNew = !visited.has(module);
    visited.add(module);
    const summary = summaries.get(module);
    const isOurs = isFrameworkFile(project.root, module);
    return {
      module,
      isNew,
      left: isNew && !isOurs ? [...(summary?.sources ?? [])] : [],
      bare: new Set(summary?.bareSources ?? []),
    };
  }
}

/** The declarations and statements of a module that do something when it is loaded; -1 for all of it. */
function effectsOf(
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
