import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetGraph, EdgeKind } from "./asset-graph.ts";

/** Towards what an asset is made from, or towards what is made from it. */
export type Direction = "upstream" | "downstream";

/** The assets one edge away, sorted; `kind` restricts to one kind of edge. An asset is never its own neighbour. */
export function neighbours(
  graph: AssetGraph,
  key: AssetKey,
  direction: Direction,
  kind?: EdgeKind,
): readonly AssetKey[] {
  const found = new Set<AssetKey>();
  const collect = (
    _edge: string,
    attributes: { readonly kind: EdgeKind },
    source: string,
    target: string,
  ): void => {
    if (kind !== undefined && attributes.kind !== kind) return;
    const other = (direction === "upstream" ? source : target) as AssetKey;
    if (other !== key) found.add(other);
  };
  if (direction === "upstream") graph.edges.forEachInEdge(key, collect);
  else graph.edges.forEachOutEdge(key, collect);
  return [...found].sort();
}

/** All assets within `depth` edges of the given ones (all of them unless told), without those; cycles of references are fine. */
export function reach(
  graph: AssetGraph,
  from: Iterable<AssetKey>,
  direction: Direction,
  depth = Number.POSITIVE_INFINITY,
  kind?: EdgeKind,
): ReadonlySet<AssetKey> {
  const start = new Set(from);
  const seen = new Set<AssetKey>(start);
  let frontier: readonly AssetKey[] = [...start];
  for (let away = 0; away < depth && frontier.length > 0; away++) {
    const next: AssetKey[] = [];
    for (const key of frontier) {
      for (const neighbour of neighbours(graph, key, direction, kind)) {
        if (seen.has(neighbour)) continue;
        seen.add(neighbour);
        next.push(neighbour);
      }
    }
    frontier = next;
  }
  for (const key of start) seen.delete(key);
  return seen;
}
