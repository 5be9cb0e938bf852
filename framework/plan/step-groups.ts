import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { assetIn } from "../graph/asset-graph.ts";
import type { StepGroup } from "./plan.ts";

/**
 * Joins steps that are made together. All selected copies of one source are a group as soon as one of them needs the
 * source, to be read or to know whether a foreign key between two of them blocks: the snapshot then says of all of them
 * what they hold at that very moment, also of those that need not be read. Without that, a version re-used from a run
 * that failed would not be known to be of one moment with the others, and its foreign keys would only warn.
 */
export function stepGroups(
  graph: AssetGraph,
  selected: readonly AssetKey[],
  needsSource: (key: AssetKey) => boolean,
): readonly StepGroup[] {
  const bySource = new Map<string, AssetKey[]>();
  const groups: StepGroup[] = [];
  for (const key of selected) {
    const { making } = assetIn(graph, key);
    if (making.kind === "copy") bySource.set(making.source, [...(bySource.get(making.source) ?? []), key]);
    else groups.push({ id: key, mode: "single", source: null, assets: [key] });
  }
  for (const [source, assets] of bySource) {
    if (assets.some(needsSource)) groups.push({ id: `source:${source}`, mode: "atomic", source, assets });
    else groups.push(...assets.map((key): StepGroup => ({ id: key, mode: "single", source, assets: [key] })));
  }
  return groups;
}
