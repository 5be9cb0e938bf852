import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetGraph } from "./asset-graph.ts";
import { type Direction, neighbours } from "./lineage.ts";

/**
 * All assets, in groups: assets that are upstream of one another (by a circle of references) are one group, every other
 * asset is one by itself. A group comes after all groups upstream of it.
 */
export function strongComponents(graph: AssetGraph): readonly (readonly AssetKey[])[] {
  // Kosaraju: what finishes last downstream has nothing upstream but its own group.
  const finished: AssetKey[] = [];
  const seen = new Set<AssetKey>();
  for (const key of graph.order) finished.push(...walk(graph, key, "downstream", seen));
  const components: (readonly AssetKey[])[] = [];
  const grouped = new Set<AssetKey>();
  for (const key of finished.reverse()) {
    const component = walk(graph, key, "upstream", grouped);
    if (component.length > 0) components.push([...component].sort());
  }
  return components;
}

/** What can be reached from a key and has not been seen, each asset after all that was reached through it. */
function walk(
  graph: AssetGraph,
  start: AssetKey,
  direction: Direction,
  seen: Set<AssetKey>,
): readonly AssetKey[] {
  const finished: AssetKey[] = [];
  const path: { readonly key: AssetKey; readonly onward: Iterator<AssetKey> }[] = [];
  const enter = (key: AssetKey): void => {
    if (seen.has(key)) return;
    seen.add(key);
    path.push({ key, onward: neighbours(graph, key, direction)[Symbol.iterator]() });
  };
  enter(start);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.onward.next();
    if (next.done !== true) {
      enter(next.value);
      continue;
    }
    finished.push(top.key);
    path.pop();
  }
  return finished;
}
