import type { AssetKey } from "../framework/definition/asset-key.ts";
import type { Failure } from "../framework/definition/failure.ts";
import { nearest } from "../framework/definition/nearest.ts";
import { err, ok, type Result } from "../framework/definition/result.ts";
import type { AssetGraph } from "../framework/graph/asset-graph.ts";
import type { AssetSpec } from "../framework/graph/asset-spec.ts";

/** The asset that somebody named, or what they may have meant. */
export function findAsset(graph: AssetGraph, name: string): Result<AssetSpec, Failure> {
  const spec = graph.assets.get(name as AssetKey);
  if (spec !== undefined) return ok(spec);
  const near = nearest(name, graph.assets.keys());
  const meant = near.length > 0 ? `did you mean ${near.join(", ")}? ` : "";
  return err({
    reason: "asset-not-found",
    message: `no asset "${name}"`,
    hint: `${meant}assets list shows all`,
  });
}
