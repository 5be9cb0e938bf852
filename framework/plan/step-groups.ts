import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { assetIn } from "../graph/asset-graph.ts";
import type { StepGroup } from "./plan.ts";

/**
 * Joins steps that are made together. All selected copies of one source are a group as soon as one of them is to be
 * read: the snapshot then says of the others too what they hold at that very moment.
 */
export function stepGroups(
  graph: AssetGraph,
  selected: readonly AssetKey[],
  isRun: (key: AssetKey) => boolean,
): readonly StepGroup[] {
  const bySource = new Map<string, AssetKey[]>();
  const groups: StepGroup[] = [];
  for (const key of selected) {
    const { making } = assetIn(graph, key);
    if (making.kind === "copy") bySource.set(making.source, [...(bySource.get(making.source) ?? []), key]);
    else groups.push({ id: key, mode: "single", source: null, assets: [key] });
  }
  for (const [source, assets] of bySource) {
    if (assets.some(isRun)) groups.push({ id: `source:${source}`, mode: "atomic", source, assets });
    else groups.push(...assets.map((key): StepGroup => ({ id: key, mode: "single", source, assets: [key] })));
  }
  return groups;
}
