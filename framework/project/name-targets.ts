import { isFramework } from "./framework-files.ts";
import type { Effect } from "./load-effects.ts";
import type { LoadedProject } from "./load-project.ts";
import type { ModuleSummaries } from "./module-summaries.ts";
import type { ModuleSummary } from "./module-summary.ts";

/** What a name in a module stands for. */
export type NameTarget =
  /** Declared at the top of a module, by the declarations of these numbers. */
  | { readonly to: "declaration"; readonly module: string; readonly numbers: readonly number[] }
  /** All exports of a module. */
  | { readonly to: "namespace"; readonly module: string }
  /** A module that counts as a whole. */
  | { readonly to: "whole"; readonly module: string }
  | { readonly to: "package"; readonly name: string; readonly folder: string; readonly exported: string }
  | { readonly to: "platform"; readonly name: string; readonly exported: string }
  /** Declared nowhere in the project: a name of the platform, or of nobody. */
  | { readonly to: "nowhere" };

const nowhere: NameTarget = { to: "nowhere" };

/** Finds what names of a project stand for, through imports and what modules hand on. */
export interface NameTargets {
  ofName(module: string, name: string): NameTarget;
  ofExport(module: string, name: string): NameTarget;
  /** What is handed on by a module, by name. */
  exportsOf(module: string): readonly string[];
  /** Whether running a piece of a module changes nothing but what it gives. */
  isHarmless(module: string, effect: Effect): boolean;
}

export function nameTargets(project: LoadedProject, summaries: ModuleSummaries): NameTargets {
  const names = new Map<string, ReadonlyMap<string, readonly number[]>>();
  const frameworks = new Map<string, boolean>();
  const harmless = new Map<string, boolean>();
  return { ofName, ofExport, exportsOf: (module) => [...exportNames(module, new Set())].sort(), isHarmless };

  function ofName(module: string, name: string, seen: ReadonlySet<string> = new Set()): NameTarget {
    const summary = summaries.get(module);
    if (summary === undefined) return nowhere;
    const numbers = declaredBy(module, summary).get(name);
    if (numbers !== undefined) return { to: "declaration", module, numbers };
    const imported = Object.hasOwn(summary.imports, name) ? summary.imports[name] : undefined;
    if (imported) return ofImport(module, imported.specifier, imported.name, seen);
    // A module that is loaded while the code runs.
    if (name.startsWith("import ")) return ofImport(module, name.slice("import ".length), "*", seen);
    return nowhere;
  }

  function ofImport(module: string, specifier: string, name: string, seen: ReadonlySet<string>): NameTarget {
    const target = project.imports[module]?.[specifier];
    if (target === undefined) return nowhere;
    if (target.to === "package") return { ...target, exported: name };
    if (target.to === "platform") return { ...target, exported: name };
    if (name !== "*") return ofExport(target.path, name, seen);
    const whole = summaries.get(target.path)?.whole ?? true;
    return { to: whole ? "whole" : "namespace", module: target.path };
  }

  function ofExport(module: string, name: string, seen: ReadonlySet<string> = new Set()): NameTarget {
    const place = `${module} ${name}`;
    if (seen.has(place)) return nowhere;
    const within = new Set([...seen, place]);
    const summary = summaries.get(module);
    if (summary === undefined || summary.whole) return { to: "whole", module };
    const exported = Object.hasOwn(summary.exports, name) ? summary.exports[name] : undefined;
    if (exported && "local" in exported) return ofName(module, exported.local, within);
    if (exported) return ofImport(module, exported.specifier, exported.name, within);
    let fallback: NameTarget = nowhere;
    for (const specifier of name === "default" ? [] : summary.stars) {
      const found = ofImport(module, specifier, name, within);
      if (found.to === "declaration" || found.to === "namespace") return found;
      // What a package exports cannot be seen: it is the one that has the name if no module of the project does.
      if (fallback.to === "nowhere") fallback = found;
    }
    return fallback;
  }

  function exportNames(module: string, seen: Set<string>): ReadonlySet<string> {
    const found = new Set<string>();
    const summary = summaries.get(module);
    if (summary === undefined || seen.has(module)) return found;
    seen.add(module);
    for (const name of Object.keys(summary.exports)) found.add(name);
    for (const specifier of summary.stars) {
      const target = project.imports[module]?.[specifier];
      if (target?.to === "file") for (const name of exportNames(target.path, seen)) found.add(name);
      else if (target) found.add(`* ${specifier}`);
    }
    return found;
  }

  function declaredBy(module: string, summary: ModuleSummary): ReadonlyMap<string, readonly number[]> {
    const known = names.get(module);
    if (known) return known;
    const declared = new Map<string, number[]>();
    for (const [number, declaration] of summary.declarations.entries()) {
      for (const name of new Set(declaration.names)) {
        const numbers = declared.get(name);
        if (numbers) numbers.push(number);
        else declared.set(name, [number]);
      }
    }
    names.set(module, declared);
    return declared;
  }

  function isHarmless(module: string, { certain, calls, callsOn }: Effect): boolean {
    if (certain || !callsOn.every((name) => isFrameworks(module, name))) return false;
    return calls.every((name) => isFrameworks(module, name) || isHarmlessFunction(module, name));
  }

  function isHarmlessFunction(module: string, name: string): boolean {
    const found = ofName(module, name);
    if (found.to !== "declaration") return false;
    return found.numbers.every((number) => {
      const place = `${found.module} ${number}`;
      const known = harmless.get(place);
      if (known !== undefined) return known;
      // A function that calls itself is taken for one that does something.
      harmless.set(place, false);
      const calling = summaries.get(found.module)?.declarations[number]?.calling ?? undefined;
      const answer = calling !== undefined && isHarmless(found.module, calling);
      harmless.set(place, answer);
      return answer;
    });
  }

  /** Whether a name stands for the framework's own functions or for a value that they gave. */
  function isFrameworks(module: string, name: string): boolean {
    const place = `${module} ${name}`;
    const known = frameworks.get(place);
    if (known !== undefined) return known;
    // A value that is made of itself is made by nobody we know.
    frameworks.set(place, false);
    const answer = decide();
    frameworks.set(place, answer);
    return answer;

    function decide(): boolean {
      const summary = summaries.get(module);
      const imported = summary && Object.hasOwn(summary.imports, name) ? summary.imports[name] : undefined;
      const target = imported && project.imports[module]?.[imported.specifier];
      if (target && isFramework(project.root, target)) return true;
      const found = ofName(module, name);
      if (found.to !== "declaration") return false;
      return found.numbers.every((number) => {
        const roots = summaries.get(found.module)?.declarations[number]?.roots;
        return roots?.every((root) => isFrameworks(found.module, root)) ?? false;
      });
    }
  }
}
