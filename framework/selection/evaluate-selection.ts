import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetState } from "../definition/asset-state.ts";
import type { EdgeIndex, Edges } from "../graph/edge-index.ts";
import { strongComponents } from "../graph/strong-components.ts";
import { findExtremes, type Members } from "./find-extremes.ts";
import { mergeTraversals } from "./merge-traversals.ts";
import type { Depth, Selection, Term } from "./selection.ts";
import type { TermMatcher } from "./term-matcher.ts";

/** All states that an asset is in: stale and failed may both hold. Called at most once for an asset. */
export type StateOf = (key: AssetKey) => ReadonlySet<AssetState>;

/** exact: as things are. most and least: whatever the states are and whatever git says, no more and no less than this. */
type Bound = "exact" | "most" | "least";

const opposite: Readonly<Record<Bound, Bound>> = { exact: "exact", most: "least", least: "most" };

type Extremes = Extract<Selection, { readonly type: "roots" | "sinks" }>;

/** Works out which assets a selection means, given what its terms mean. */
export class SelectionEvaluator {
  readonly #index: EdgeIndex;
  readonly #matcher: TermMatcher;
  readonly #stateOf: StateOf;
  readonly #states: (ReadonlySet<AssetState> | undefined)[] = [];
  readonly #extremes: Readonly<Record<Bound, Map<Extremes, Members>>>;
  #components: readonly (readonly number[])[] | undefined;

  constructor(index: EdgeIndex, matcher: TermMatcher, stateOf: StateOf) {
    this.#index = index;
    this.#matcher = matcher;
    this.#stateOf = stateOf;
    this.#extremes = { exact: new Map(), most: new Map(), least: new Map() };
  }

  evaluate(selection: Selection, bound: Bound): Members {
    switch (selection.type) {
      case "match":
      case "state":
      case "git":
        return this.#term(selection, bound);
      case "traverse": {
        const from = this.evaluate(selection.of, bound);
        const upstream = follow(from, this.#index.upstream, selection.upstream);
        const downstream = follow(from, this.#index.downstream, selection.downstream);
        return upstream.map((is, number) => is | (downstream[number] ?? 0));
      }
      case "at": {
        const from = this.evaluate(selection.of, bound);
        return follow(follow(from, this.#index.downstream, "all"), this.#index.upstream, "all");
      }
      case "roots":
      case "sinks":
        return this.#findExtremes(selection, bound);
      case "not":
        return this.evaluate(selection.of, opposite[bound]).map((is) => 1 - is);
      case "and": {
        const common = this.#all();
        for (const part of selection.of) {
          const members = this.evaluate(part, bound);
          for (let number = 0; number < common.length; number++)
            common[number] = (common[number] ?? 0) & (members[number] ?? 0);
        }
        return common;
      }
      case "or": {
        const any = this.#none();
        for (const part of mergeTraversals(selection.of)) {
          const members = this.evaluate(part, bound);
          for (let number = 0; number < any.length; number++)
            any[number] = (any[number] ?? 0) | (members[number] ?? 0);
        }
        return any;
      }
    }
  }

  #term(term: Term, bound: Bound): Members {
    if (term.type !== "match" && bound !== "exact") return bound === "most" ? this.#all() : this.#none();
    const members = this.#none();
    if (term.type === "state") {
      for (const number of members.keys()) members[number] = this.#statesOf(number).has(term.state) ? 1 : 0;
    } else {
      for (const number of this.#matcher.numbersOf(term)) members[number] = 1;
    }
    return members;
  }

  #statesOf(number: number): ReadonlySet<AssetState> {
    const key = this.#index.keys[number];
    if (key === undefined) throw new Error(`Internal error: no asset has the number ${number}`);
    const states = this.#states[number] ?? this.#stateOf(key);
    this.#states[number] = states;
    return states;
  }

  #findExtremes(selection: Extremes, bound: Bound): Members {
    // Under a bound each needs both bounds of what is inside: without this, time would double at each level of nesting.
    const known = this.#extremes[bound].get(selection);
    if (known !== undefined) return known;
    this.#components ??= strongComponents(this.#index);
    const members = this.evaluate(selection.of, bound);
    const others = bound === "exact" ? members : this.evaluate(selection.of, opposite[bound]);
    const found =
      selection.type === "roots"
        ? findExtremes(this.#components, this.#index.upstream, members, others)
        : findExtremes([...this.#components].reverse(), this.#index.downstream, members, others);
    this.#extremes[bound].set(selection, found);
    return found;
  }

  #none(): Members {
    return new Uint8Array(this.#index.keys.length);
  }

  #all(): Members {
    return this.#none().fill(1);
  }
}

/** Members with all that is within so many edges of one of them. */
function follow(from: Members, edges: Edges, depth: Depth): Members {
  const reached = from.slice();
  let frontier: number[] = [];
  if (depth !== 0) for (const [number, is] of from.entries()) if (is === 1) frontier.push(number);
  for (let away = 0; frontier.length > 0 && (depth === "all" || away < depth); away++) {
    const next: number[] = [];
    for (const at of frontier) {
      for (const neighbour of edges[at] ?? []) {
        if (reached[neighbour] === 1) continue;
        reached[neighbour] = 1;
        next.push(neighbour);
      }
    }
    frontier = next;
  }
  return reached;
}
