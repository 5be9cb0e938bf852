import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { type Direction, neighbours } from "../graph/lineage.ts";

/**
 * The members with none of `others` in a direction, at whatever distance: roots look upstream, sinks downstream. Assets
 * in a circle of references count as one, since each is upstream of all the others and none would be first.
 *
 * `components` are the graph's strong components.
 */
export function findExtremes(
  graph: AssetGraph,
  components: readonly (readonly AssetKey[])[],
  sets: { readonly members: ReadonlySet<AssetKey>; readonly others: ReadonlySet<AssetKey> },
  direction: Direction,
): ReadonlySet<AssetKey> {
  const extremes = new Set<AssetKey>();
  // What is one of the others, or has one of them in the direction.
  const behind = new Set<AssetKey>();
  const ordered = direction === "upstream" ? components : [...components].reverse();
  for (const component of ordered) {
    // Nothing of this component is behind yet, so what is behind is outside it.
    const isBehind = component.some((key) =>
      neighbours(graph, key, direction).some((next) => behind.has(next)),
    );
    if (!isBehind) {
      for (const key of component) if (sets.members.has(key)) extremes.add(key);
    }
    if (isBehind || component.some((key) => sets.others.has(key))) {
      for (const key of component) behind.add(key);
    }
  }
  return extremes;
}
