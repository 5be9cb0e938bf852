import type { MultiDirectedGraph } from "graphology";
import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetSpec } from "./asset-spec.ts";

/** The two kinds of edge. Inputs carry data, order and staleness; references carry checks only and may be cyclic. */
export type EdgeKind = "input" | "reference";

/** The graph inside: nodes are asset keys, edges lead from upstream to downstream. */
export type KeyGraph = MultiDirectedGraph<Record<string, never>, { readonly kind: EdgeKind }>;

declare const built: unique symbol;

/** A checked graph of assets. Only `buildAssetGraph` makes one, so whoever holds it need not check keys and cycles again. */
export interface AssetGraph {
  readonly [built]: true;
  readonly project: string;
  /** Sorted by key. */
  readonly assets: ReadonlyMap<AssetKey, AssetSpec>;
  /** Every asset after all its inputs: those without inputs first, then those made from them, each round by key. */
  readonly order: readonly AssetKey[];
  readonly edges: KeyGraph;
}

/** The spec of an asset that is known to be in the graph. */
export function assetIn(graph: AssetGraph, key: AssetKey): AssetSpec {
  const spec = graph.assets.get(key);
  if (spec === undefined) throw new Error(`Internal error: no asset ${key} in the graph`);
  return spec;
}
