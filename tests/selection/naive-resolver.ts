import type { AssetState } from "../../framework/definition/asset-state.ts";
import type { Selection, Term } from "../../framework/selection/selection.ts";
import type { PlainAsset } from "./random-selection.ts";

/**
 * What a selection means, worked out as plainly as can be and with nothing of the real one: edges are pairs that are
 * scanned again and again, sets are lists of names, wildcards try every way to match.
 */
export function resolveNaively(selection: Selection, assets: readonly PlainAsset[]): readonly string[] {
  const all = assets.map(({ key }) => key);
  const edges = assets.flatMap(({ key, inputs, references }) =>
    [...inputs, ...references].flatMap((at) => {
      const from = assets[at];
      return from === undefined || from.key === key ? [] : [{ from: from.key, to: key }];
    }),
  );
  const upstream = (keys: readonly string[]): readonly string[] =>
    edges.filter(({ to }) => keys.includes(to)).map(({ from }) => from);
  const downstream = (keys: readonly string[]): readonly string[] =>
    edges.filter(({ from }) => keys.includes(from)).map(({ to }) => to);
  const follow = (
    keys: readonly string[],
    step: typeof upstream,
    depth: number | "all",
  ): readonly string[] => {
    let found = keys;
    // No way is longer than there are assets.
    for (let left = depth === "all" ? all.length : depth; left > 0; left--)
      found = [...new Set([...found, ...step(found)])];
    return found;
  };
  /** Whether `a` is upstream of `b`, and not in a circle with it. */
  const isBefore = (a: string, b: string): boolean =>
    a !== b && follow([b], upstream, "all").includes(a) && !follow([a], upstream, "all").includes(b);

  const resolve = (part: Selection): readonly string[] => {
    switch (part.type) {
      case "match":
      case "state":
      case "git":
        return assets.filter((asset) => isMeant(part, asset)).map(({ key }) => key);
      case "or":
        return part.of.flatMap(resolve);
      case "and":
        return all.filter((key) => part.of.every((inner) => resolve(inner).includes(key)));
      case "not": {
        const excluded = resolve(part.of);
        return all.filter((key) => !excluded.includes(key));
      }
      case "traverse": {
        const keys = resolve(part.of);
        return [...follow(keys, upstream, part.upstream), ...follow(keys, downstream, part.downstream)];
      }
      case "at":
        return follow(follow(resolve(part.of), downstream, "all"), upstream, "all");
      case "roots": {
        const keys = resolve(part.of);
        return keys.filter((key) => !keys.some((other) => isBefore(other, key)));
      }
      case "sinks": {
        const keys = resolve(part.of);
        return keys.filter((key) => !keys.some((other) => isBefore(key, other)));
      }
    }
  };
  const found = resolve(selection);
  return all.filter((key) => found.includes(key)).sort();
}

/** Whether a term means an asset. */
export function isMeant(term: Term, asset: PlainAsset): boolean {
  if (term.type === "state") return asset.states.includes(term.state satisfies AssetState);
  if (term.type === "git") return false;
  const { value } = term;
  switch (term.method) {
    case "key":
      return matchesNaively(value, asset.key);
    case "tag":
      return asset.tags.some((tag) => matchesNaively(value, tag));
    case "group":
      return asset.group !== undefined && matchesNaively(value, asset.group);
    case "owner":
      return asset.owner !== undefined && matchesNaively(value, asset.owner);
    case "kind":
      return matchesNaively(value, asset.inputs.length === 0 ? "copy" : "sql");
    case "path": {
      const path = value.startsWith("./") ? value.slice(2) : value;
      if (path.endsWith("/")) return matchesNaively(`${path}**`, asset.file);
      if (matchesNaively(path, asset.file)) return true;
      return !path.split("/").at(-1)?.includes("*") && matchesNaively(`${path}/**`, asset.file);
    }
  }
}

/** Tries every length for every wildcard. */
export function matchesNaively(pattern: string, text: string, isSegmentStart = true): boolean {
  if (pattern === "") return text === "";
  if (pattern.startsWith("**")) {
    const rest = pattern.replace(/^\*+/, "");
    if (isSegmentStart && rest.startsWith("/")) {
      const starts = [0, ...[...text].flatMap((character, at) => (character === "/" ? [at + 1] : []))];
      return starts.some((at) => matchesNaively(rest.slice(1), text.slice(at), true));
    }
    return [...text, ""].some((_character, at) => matchesNaively(rest, text.slice(at), false));
  }
  if (pattern.startsWith("*")) {
    const segment = text.split("/")[0] ?? "";
    return [...segment, ""].some((_character, at) => matchesNaively(pattern.slice(1), text.slice(at), false));
  }
  if (pattern.charAt(0) !== text.charAt(0)) return false;
  return matchesNaively(pattern.slice(1), text.slice(1), pattern.startsWith("/"));
}
