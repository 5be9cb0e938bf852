import { digestOf } from "./file-stamp.ts";
import type { LockedVersions } from "./locked-version.ts";
import type { ModuleSummaries } from "./module-summaries.ts";
import type { PlacedName, PlacedTree } from "./module-summary.ts";
import type { NameTarget, NameTargets } from "./name-targets.ts";

/** Code that can be followed by names. */
export interface LinkedCode {
  readonly summaries: ModuleSummaries;
  readonly targets: NameTargets;
  readonly versionOf: LockedVersions;
  /** The hash of a module that counts as a whole, with all that it imports. */
  wholeDigest(module: string): string;
}

/** Told of each name on the way: where it is used, and what it stands for. Says whether to go on from there. */
export type NameSeen = (from: string, use: PlacedName, target: NameTarget) => boolean;

/** Pieces of a module to start from. */
export interface Start {
  readonly module: string;
  readonly trees: readonly PlacedTree[];
}

/**
 * The hash of pieces of modules with everything that they reach by names: declarations of any module of the project by
 * their syntax trees, packages by their locked versions. Names of files and the order of declarations are not hashed.
 */
export function reachedCode(code: LinkedCode, starts: readonly Start[], seen: NameSeen = () => true): string {
  const numbers = new Map<string, number>();
  const queue: Extract<NameTarget, { readonly module: string }>[] = [];
  const parts: unknown[] = starts.map(({ module, trees }) => trees.map((tree) => treePart(module, tree)));
  // Each piece is numbered when it is first named, and its part stands at that number.
  for (let piece = queue.shift(); piece !== undefined; piece = queue.shift()) parts.push(piecePart(piece));
  return digestOf(JSON.stringify(parts));

  function treePart(from: string, { digest, names }: PlacedTree): unknown {
    const tokens = names.map((use) => {
      const target = code.targets.ofName(from, use.name);
      if (!seen(from, use, target)) return null;
      return target.to === "nowhere" ? use.name : tokenOf(target);
    });
    return [digest, tokens];
  }

  function piecePart(target: Extract<NameTarget, { readonly module: string }>): unknown {
    if (target.to === "whole") return code.wholeDigest(target.module);
    if (target.to === "namespace") {
      const names = code.targets.exportsOf(target.module);
      return names.map((name) => [name, tokenOf(code.targets.ofExport(target.module, name))]);
    }
    const declarations = code.summaries.get(target.module)?.declarations ?? [];
    return target.numbers.map((number) => {
      const tree = declarations[number]?.tree;
      return tree ? treePart(target.module, tree) : null;
    });
  }

  function tokenOf(target: NameTarget): unknown {
    switch (target.to) {
      case "package":
        return [code.versionOf(target.name, target.folder), target.exported];
      case "platform":
        return [`node:${target.name}`, target.exported];
      case "nowhere":
        return null;
      default: {
        const which = target.to === "declaration" ? target.numbers.join() : "";
        const id = `${target.to} ${which} ${target.module}`;
        const known = numbers.get(id);
        if (known !== undefined) return known;
        numbers.set(id, numbers.size);
        queue.push(target);
        return numbers.size - 1;
      }
    }
  }
}
