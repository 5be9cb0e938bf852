import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import type { Environment } from "../lake/records.ts";
import { sourceOf } from "./plan-request.ts";

/**
 * Why made-up rows of these assets must not come into an environment: it holds real ones of the same source. Rows of
 * another source are no concern of theirs; rows of an asset that is no longer declared may be anybody's.
 *
 * Asked when a run is planned, and once more of the environment as it is at the moment of publishing.
 */
export function sampleOverReal(
  graph: AssetGraph,
  synthetic: readonly AssetKey[],
  environment: Environment | undefined,
): Failure | undefined {
  const sources = synthetic.map((key) => sourceOf(graph, key));
  if (environment === undefined || sources.length === 0) return undefined;
  const real = Object.entries(environment.assets)
    .filter(([, entry]) => entry.source !== null && !entry.source.synthetic)
    .map(([key]) => key as AssetKey)
    .filter((key) => !graph.assets.has(key) || sources.includes(sourceOf(graph, key)))
    .sort();
  if (real.length === 0) return undefined;
  const named = `${real.slice(0, 3).join(", ")}${real.length > 3 ? " …" : ""}`;
  return {
    reason: "sample-over-real",
    assets: real,
    message: `environment ${environment.name} holds real rows (${named}), and the source is the built-in sample`,
    hint: "name the real source again (OLIST_DIR …), or build the sample in an environment of its own: --env sample",
  };
}
