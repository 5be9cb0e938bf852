import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetGraph } from "./asset-graph.ts";

/** The assets one edge away from each asset, by number; of both kinds of edge, without itself. */
export type Edges = readonly (readonly number[])[];

/** A graph by numbers, for what walks all of it again and again: an asset's number is its place in the graph's order. */
export interface EdgeIndex {
  readonly keys: readonly AssetKey[];
  readonly numberOf: ReadonlyMap<AssetKey, number>;
  readonly upstream: Edges;
  readonly downstream: Edges;
}

/** Numbers the assets of a graph. */
export function indexEdges(graph: AssetGraph): EdgeIndex {
  const numberOf = new Map(graph.order.map((key, number) => [key, number]));
  const upstream = graph.order.map((): number[] => []);
  const downstream = graph.order.map((): number[] => []);
  graph.edges.forEachDirectedEdge((_edge, _attributes, source, target) => {
    const from = numberOf.get(source as AssetKey);
    const to = numberOf.get(target as AssetKey);
    if (from === undefined || to === undefined || from === to) return;
    upstream[to]?.push(from);
    downstream[from]?.push(to);
  });
  return { keys: graph.order, numberOf, upstream, downstream };
}
