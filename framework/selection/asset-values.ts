import type { AssetGraph } from "../graph/asset-graph.ts";
import type { AssetSpec } from "../graph/asset-spec.ts";
import type { MatchMethod } from "./selection.ts";

/** What an asset has under a method: none, one or several names. */
export function valuesOf(spec: AssetSpec, method: MatchMethod): readonly string[] {
  switch (method) {
    case "key":
      return [spec.key];
    case "tag":
      return spec.tags;
    case "group":
      return spec.group === undefined ? [] : [spec.group];
    case "owner":
      return spec.owner === undefined ? [] : [spec.owner];
    case "kind":
      return [spec.kind];
    case "path":
      return spec.position === undefined ? [] : [spec.position.file.replaceAll("\\", "/")];
  }
}

/** All that the assets of a graph have under a method, sorted. */
export function allValues(graph: AssetGraph, method: MatchMethod): readonly string[] {
  const values = new Set<string>();
  for (const spec of graph.assets.values()) {
    for (const value of valuesOf(spec, method)) values.add(value);
  }
  return [...values].sort();
}
