import type { AssetState } from "../definition/asset-state.ts";

/** The methods that look at what an asset declares. Their values may hold wildcards. */
export type MatchMethod = "key" | "tag" | "group" | "kind" | "path" | "owner";

/** What can stand before the colon of a term: `tag:core`. */
export const methods: readonly (MatchMethod | "state" | "git")[] = [
  "key",
  "tag",
  "group",
  "kind",
  "state",
  "path",
  "owner",
  "git",
];

/** Words of the language itself: an asset of such a name is written `key:and`. */
export const reservedWords: readonly string[] = ["and", "or", "not", "roots", "sinks"];

/** A value that needs no quotes around it. */
export const plainValue = /^[^\s,()+"]+$/;

/** A stretch of the text that a selection was parsed from, in UTF-16 units from 0. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** How many edges to follow: 0 for none, "all" for as many as there are. */
export type Depth = number | "all";

/**
 * What one asks for, before it is known which assets that is. Plain immutable data.
 *
 * `at` says where a term stood in the text, for faults; it is no part of what the selection means.
 */
export type Selection =
  | Term
  | Traversal
  | { readonly type: "at"; readonly of: Selection }
  | { readonly type: "roots" | "sinks"; readonly of: Selection }
  | { readonly type: "not"; readonly of: Selection }
  | { readonly type: "and" | "or"; readonly of: readonly Selection[] };

/** A selection that holds no other. */
export type Term =
  | MatchTerm
  | { readonly type: "state"; readonly state: AssetState; readonly at?: Place }
  | { readonly type: "git"; readonly range: string; readonly at?: Place };

/** What assets declare of themselves. */
export interface MatchTerm {
  readonly type: "match";
  readonly method: MatchMethod;
  /** `*` stands for any characters but `/`, `**` for any. */
  readonly value: string;
  readonly at?: Place;
}

/** A set with what is upstream and downstream of it: `2+x+`. */
export interface Traversal {
  readonly type: "traverse";
  readonly of: Selection;
  readonly upstream: Depth;
  readonly downstream: Depth;
}

/** What is in any of several selections. Unions among them are merged, so that equal meaning has one form. */
export function union(selections: readonly Selection[]): Selection {
  return join("or", selections);
}

/** What is in all of several selections. Intersections among them are merged. */
export function intersection(selections: readonly Selection[]): Selection {
  return join("and", selections);
}

function join(type: "and" | "or", selections: readonly Selection[]): Selection {
  const [first, ...rest] = selections;
  if (first === undefined) throw new Error("Internal error: a selection of no selections");
  if (rest.length === 0) return first;
  return { type, of: selections.flatMap((inner) => (inner.type === type ? inner.of : [inner])) };
}

/** Whether it can only be resolved with the states of assets, which cost reading the lake. */
export function needsState(selection: Selection): boolean {
  return termsOf(selection).some((term) => term.type === "state");
}

/** The terms at the leaves of a selection, in the order of its text. */
export function termsOf(selection: Selection): readonly Term[] {
  const terms: Term[] = [];
  const collect = (inner: Selection): void => {
    switch (inner.type) {
      case "match":
      case "state":
      case "git":
        terms.push(inner);
        return;
      case "and":
      case "or":
        for (const part of inner.of) collect(part);
        return;
      default:
        collect(inner.of);
    }
  };
  collect(selection);
  return terms;
}
