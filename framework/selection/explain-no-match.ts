import { nearest } from "../definition/nearest.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { allValues } from "./asset-values.ts";
import type { MatchMethod, MatchTerm } from "./selection.ts";
import { didYouMean, type SelectionFault } from "./selection-fault.ts";
import { quoted } from "./shown-text.ts";
import { hasWildcard } from "./wildcard.ts";

// A search for near names reads every name there is: it is made for the first few faults alone, and not for a name
// that is longer than any key.
const mostHints = 10;
const longestName = 200;

/** The fault of a term that no asset matches; `earlier` is how many such faults there have been. */
export function explainNoMatch(term: MatchTerm, graph: AssetGraph, earlier: number): SelectionFault {
  const isSearched = earlier < mostHints && term.value.length <= longestName;
  const hint = isSearched ? hintOn(term, graph) : undefined;
  return {
    reason: term.method === "key" ? "asset-not-found" : "selection-invalid",
    message: messageOn(term),
    offset: term.at?.offset ?? 0,
    length: term.at?.length ?? 0,
    ...(hint !== undefined && { hint }),
  };
}

const having: Readonly<Record<Exclude<MatchMethod, "key">, readonly [exact: string, wild: string]>> = {
  tag: ["has the tag", "has a tag like"],
  group: ["is in the group", "is in a group like"],
  owner: ["has the owner", "has an owner like"],
  kind: ["is of the kind", "is of a kind like"],
  path: ["is declared in", "is declared in a file like"],
};

function messageOn({ method, value }: MatchTerm): string {
  const isWild = hasWildcard(value);
  if (method === "key") return isWild ? `no asset matches ${quoted(value)}` : `no asset ${quoted(value)}`;
  const [exact, wild] = having[method];
  return `no asset ${isWild ? wild : exact} ${quoted(value)}`;
}

function hintOn({ method, value }: MatchTerm, graph: AssetGraph): string | undefined {
  const values = allValues(graph, method);
  switch (method) {
    case "key":
      return hintOnKey(value, values, graph);
    case "path":
      return didYouMean(
        value,
        hasWildcard(value) ? patternsOver(values) : [...foldersOf(values), ...values],
        "files are",
      );
    default:
      return values.length === 0
        ? `no asset of this project has ${article[method]}`
        : didYouMean(value, values, `${plural[method]} of this project are`);
  }
}

const article = { tag: "a tag", group: "a group", owner: "an owner", kind: "a kind" } as const;
const plural = { tag: "tags", group: "groups", owner: "owners", kind: "kinds" } as const;

function hintOnKey(value: string, keys: readonly string[], graph: AssetGraph): string | undefined {
  for (const method of ["group", "tag"] as const) {
    if (allValues(graph, method).includes(value)) return `${value} is a ${method}: write ${method}:${value}`;
  }
  const near = nearest(value, hasWildcard(value) ? patternsOver(keys) : keys);
  if (near.length > 0) return `did you mean ${near.join(", ")}?`;
  // "orders" where there is only warehouse/orders.
  const last = lastSegment(value);
  const nearSegments = hasWildcard(last) ? [] : nearest(last, new Set(keys.map(lastSegment)));
  const nearKeys = keys.filter((key) => nearSegments.includes(lastSegment(key))).slice(0, 3);
  return nearKeys.length > 0 ? `did you mean ${nearKeys.join(", ")}?` : undefined;
}

/** All folders that paths are in: `a/b/c` is in `a` and `a/b`. */
function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1))
      folders.add(path.slice(0, end));
  }
  return [...folders];
}

function patternsOver(paths: readonly string[]): readonly string[] {
  return foldersOf(paths).flatMap((folder) => [`${folder}/*`, `${folder}/**`]);
}

function lastSegment(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
