import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { reach } from "../graph/lineage.ts";
import { strongComponents } from "../graph/strong-components.ts";
import { findExtremes } from "./find-extremes.ts";
import type { TermMeanings } from "./match-terms.ts";
import { mergeTraversals } from "./merge-traversals.ts";
import type { AssetState, Depth, Selection, Term } from "./selection.ts";

/** All states that an asset is in: stale and failed may both hold. Called at most once for an asset. */
export type StateOf = (key: AssetKey) => ReadonlySet<AssetState>;

/** exact: as things are. most and least: whatever the states are and whatever git says, no more and no less than this. */
export type Bound = "exact" | "most" | "least";

const opposite: Readonly<Record<Bound, Bound>> = { exact: "exact", most: "least", least: "most" };

type Keys = ReadonlySet<AssetKey>;
type Extremes = Extract<Selection, { readonly type: "roots" | "sinks" }>;

/** Works out which assets a selection means, given what its terms mean. */
export class SelectionEvaluator {
  readonly #graph: AssetGraph;
  readonly #meanings: TermMeanings;
  readonly #stateOf: StateOf;
  readonly #states = new Map<AssetKey, ReadonlySet<AssetState>>();
  readonly #extremes: Readonly<Record<Bound, Map<Extremes, Keys>>>;
  #components: readonly (readonly AssetKey[])[] | undefined;

  constructor(graph: AssetGraph, meanings: TermMeanings, stateOf: StateOf) {
    this.#graph = graph;
    this.#meanings = meanings;
    this.#stateOf = stateOf;
    this.#extremes = { exact: new Map(), most: new Map(), least: new Map() };
  }

  evaluate(selection: Selection, bound: Bound): Keys {
    switch (selection.type) {
      case "match":
      case "state":
      case "git":
        return this.#term(selection, bound);
      case "traverse": {
        const from = this.evaluate(selection.of, bound);
        const upstream = reach(this.#graph, from, "upstream", steps(selection.upstream));
        const downstream = reach(this.#graph, from, "downstream", steps(selection.downstream));
        return new Set([...from, ...upstream, ...downstream]);
      }
      case "at": {
        const from = this.evaluate(selection.of, bound);
        const below = new Set([...from, ...reach(this.#graph, from, "downstream")]);
        return new Set([...below, ...reach(this.#graph, below, "upstream")]);
      }
      case "roots":
      case "sinks":
        return this.#findExtremes(selection, bound);
      case "not": {
        const excluded = this.evaluate(selection.of, opposite[bound]);
        return this.#filter((key) => !excluded.has(key));
      }
      case "and":
        return this.#intersection(selection.of, bound);
      case "or": {
        const all = new Set<AssetKey>();
        for (const part of mergeTraversals(selection.of)) {
          for (const key of this.evaluate(part, bound)) all.add(key);
        }
        return all;
      }
    }
  }

  #term(term: Term, bound: Bound): Keys {
    if (term.type === "match") return this.#meaning(term);
    if (bound === "most") return this.#filter(() => true);
    if (bound === "least") return new Set();
    if (term.type === "git") return this.#meaning(term);
    return this.#filter((key) => this.#statesOf(key).has(term.state));
  }

  #meaning(term: Term): Keys {
    const keys = this.#meanings.get(term);
    if (keys === undefined) throw new Error(`Internal error: a ${term.type} term was not looked up`);
    return keys;
  }

  #statesOf(key: AssetKey): ReadonlySet<AssetState> {
    const states = this.#states.get(key) ?? this.#stateOf(key);
    this.#states.set(key, states);
    return states;
  }

  #intersection(parts: readonly Selection[], bound: Bound): Keys {
    let common: Keys | undefined;
    for (const part of parts) {
      const keys = this.evaluate(part, bound);
      common = common === undefined ? keys : new Set([...common].filter((key) => keys.has(key)));
    }
    return common ?? new Set();
  }

  #findExtremes(selection: Extremes, bound: Bound): Keys {
    // Under a bound each needs both bounds of what is inside: without this, time would double at each level of nesting.
    const known = this.#extremes[bound].get(selection);
    if (known !== undefined) return known;
    this.#components ??= strongComponents(this.#graph);
    const members = this.evaluate(selection.of, bound);
    const others = bound === "exact" ? members : this.evaluate(selection.of, opposite[bound]);
    const direction = selection.type === "roots" ? "upstream" : "downstream";
    const found = findExtremes(this.#graph, this.#components, { members, others }, direction);
    this.#extremes[bound].set(selection, found);
    return found;
  }

  #filter(isSuch: (key: AssetKey) => boolean): Keys {
    return new Set(this.#graph.order.filter(isSuch));
  }
}

function steps(depth: Depth): number {
  return depth === "all" ? Number.POSITIVE_INFINITY : depth;
}
