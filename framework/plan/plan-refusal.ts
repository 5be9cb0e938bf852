import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import { assetIn } from "../graph/asset-graph.ts";
import { type PlanRequest, sourceOf } from "./plan-request.ts";

/** Why there can be no plan for a request, if there can be none. */
export function planRefusal(request: PlanRequest): Failure | undefined {
  return sampleOverReal(request) ?? missingInputs(request);
}

/**
 * The built-in sample never replaces real rows, whatever is selected. Rows of another source are no concern of it; rows
 * of an asset that is no longer declared may be anybody's.
 */
function sampleOverReal(request: PlanRequest): Failure | undefined {
  const { graph, tokens } = request;
  const made = [...tokens].filter(([, token]) => token.synthetic).map(([key]) => sourceOf(graph, key));
  if (made.length === 0) return undefined;
  const real = Object.entries(request.environment?.assets ?? {})
    .filter(([, entry]) => entry.source !== null && !entry.source.synthetic)
    .map(([key]) => key as AssetKey)
    .filter((key) => !graph.assets.has(key) || made.includes(sourceOf(graph, key)))
    .sort();
  if (real.length === 0) return undefined;
  return {
    reason: "sample-over-real",
    assets: real,
    message: `environment ${request.environmentName} holds real rows (${real.slice(0, 3).join(", ")}${real.length > 3 ? " …" : ""}), and the source is the built-in sample`,
    hint: "name the real source again (OLIST_DIR …), or build the sample in an environment of its own: --env sample",
  };
}

function missingInputs({ environment, graph, selected }: PlanRequest): Failure | undefined {
  const inPlan = new Set(selected);
  const isThere = (key: AssetKey): boolean => inPlan.has(key) || environment?.assets[key] !== undefined;
  const lacking = selected.flatMap((key) =>
    assetIn(graph, key)
      .inputs.filter((input) => !isThere(input.asset))
      .map((input) => ({ key, input: input.asset })),
  );
  if (lacking.length === 0) return undefined;
  const inputs = [...new Set(lacking.map(({ input }) => input))].sort();
  const first = [...new Set(lacking.map(({ key }) => key))].sort();
  return {
    reason: "selection-invalid",
    message: `${first.join(", ")} cannot be made: ${inputs.join(", ")} ${inputs.length === 1 ? "was" : "were"} never made and ${inputs.length === 1 ? "is" : "are"} not selected`,
    hint: `select what it is made from too: --select ${first.map((key) => `+${key}`).join(" --select ")}`,
  };
}
