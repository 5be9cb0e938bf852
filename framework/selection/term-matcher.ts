import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import type { EdgeIndex } from "../graph/edge-index.ts";
import { valuesOf } from "./asset-values.ts";
import { explainNoMatch } from "./explain-no-match.ts";
import { type MatchMethod, type Selection, type Term, termsOf } from "./selection.ts";
import { invalid, type SelectionFault } from "./selection-fault.ts";
import { quoted } from "./shown-text.ts";
import { hasWildcard, wildcardMatcher } from "./wildcard.ts";

/**
 * The assets that differ from a range of the version control, such as `main...HEAD`; undefined where it knows no such
 * range.
 */
export type ChangedSince = (range: string) => ReadonlySet<AssetKey> | undefined;

/** Looks up what terms mean in a graph, each name once. What terms about states mean is not its matter. */
export class TermMatcher {
  readonly #graph: AssetGraph;
  readonly #index: EdgeIndex;
  readonly #changedSince: ChangedSince | undefined;
  readonly #found = new Map<string, readonly number[]>();
  #missing = 0;

  constructor(graph: AssetGraph, index: EdgeIndex, changedSince: ChangedSince | undefined) {
    this.#graph = graph;
    this.#index = index;
    this.#changedSince = changedSince;
  }

  /** What is wrong with the terms of a selection: those that no asset matches, and those of git that cannot be told. */
  findFaults(selection: Selection): readonly SelectionFault[] {
    return termsOf(selection).flatMap((term) => {
      if (term.type === "state") return [];
      if (term.type === "git") return this.#gitFault(term.range, term.at ?? { offset: 0, length: 0 });
      return this.numbersOf(term).length > 0 ? [] : [explainNoMatch(term, this.#graph, this.#missing++)];
    });
  }

  /** The numbers of the assets that a term means; it must be without faults. */
  numbersOf(term: Exclude<Term, { readonly type: "state" }>): readonly number[] {
    const name = term.type === "git" ? `git:${term.range}` : `${term.method}:${term.value}`;
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const numbers = term.type === "git" ? this.#changed(term.range) : this.#matching(term.method, term.value);
    if (numbers === undefined) throw new Error(`Internal error: ${name} is resolved in spite of its fault`);
    this.#found.set(name, numbers);
    return numbers;
  }

  #gitFault(
    range: string,
    place: { readonly offset: number; readonly length: number },
  ): readonly SelectionFault[] {
    if (this.#changedSince === undefined) return [invalid("git: is not available here", place)];
    const name = `git:${range}`;
    const numbers = this.#found.get(name) ?? this.#changed(range);
    if (numbers !== undefined) {
      this.#found.set(name, numbers);
      return [];
    }
    const hint = "name a branch, a tag or a commit, as in git:main...HEAD";
    return [invalid(`git knows no ${quoted(range)}`, place, hint)];
  }

  #changed(range: string): readonly number[] | undefined {
    const changed = this.#changedSince?.(range);
    return changed && [...changed].flatMap((key) => this.#index.numberOf.get(key) ?? []);
  }

  #matching(method: MatchMethod, value: string): readonly number[] {
    if (method === "key" && !hasWildcard(value)) {
      const number = this.#index.numberOf.get(value as AssetKey);
      return number === undefined ? [] : [number];
    }
    const matches = method === "path" ? pathMatcher(value) : wildcardMatcher(value);
    const numbers: number[] = [];
    for (const [number, key] of this.#index.keys.entries()) {
      const spec = this.#graph.assets.get(key);
      if (spec !== undefined && valuesOf(spec, method).some(matches)) numbers.push(number);
    }
    return numbers;
  }
}

/** A file, or a folder with all that is in it, unless the last segment has a wildcard: `assets/*` is no deeper files. */
function pathMatcher(value: string): (file: string) => boolean {
  const path = value.replace(/^\.\//, "");
  const isFile = wildcardMatcher(path);
  if (hasWildcard(path.slice(path.lastIndexOf("/") + 1))) return isFile;
  const isInFolder = wildcardMatcher(`${path.replace(/\/+$/, "")}/**`);
  return (file) => isFile(file) || isInFolder(file);
}
