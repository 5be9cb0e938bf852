import type { AssetKey } from "../definition/asset-key.ts";
import type { Plan } from "../plan/plan.ts";

/** What a step without history is taken to last, in milliseconds. */
const unknownMs = 100;

/** For each asset of a plan, how long the longest way from its start to the end of all that follows is, in milliseconds. */
export function criticalPath(plan: Plan): ReadonlyMap<AssetKey, number> {
  const after = new Map<AssetKey, number>();
  const length = new Map<AssetKey, number>();
  for (const step of [...plan.steps].reverse()) {
    const own = step.make.do === "fresh" ? 0 : (step.expected?.durationMs ?? unknownMs);
    const whole = own + (after.get(step.asset) ?? 0);
    length.set(step.asset, whole);
    for (const { asset } of step.inputs) after.set(asset, Math.max(after.get(asset) ?? 0, whole));
  }
  return length;
}
