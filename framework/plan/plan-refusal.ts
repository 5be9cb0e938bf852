import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import { assetIn } from "../graph/asset-graph.ts";
import type { PlanRequest } from "./plan-request.ts";
import { sampleOverReal } from "./sample-over-real.ts";

/** Why there can be no plan for a request, if there can be none. */
export function planRefusal(request: PlanRequest): Failure | undefined {
  if (request.isOnlyLook) return missingInputs(request);
  const synthetic = [...request.tokens].filter(([, token]) => token.synthetic).map(([key]) => key);
  return sampleOverReal(request.graph, synthetic, request.environment) ?? missingInputs(request);
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
