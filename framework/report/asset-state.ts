import type { AssetKey } from "../definition/asset-key.ts";
import type { AssetState } from "../definition/asset-state.ts";
import type { Plan, Reason, Step } from "../plan/plan.ts";

const ownChange: ReadonlySet<Reason["because"]> = new Set([
  "code-changed",
  "config-changed",
  "schema-changed",
  "input-added",
  "input-removed",
]);

/**
 * The states of the assets in a plan over the whole graph. `failedLast` are those that failed in the last run.
 *
 * missing and new: never published here. modified: its own declaration differs from what was published. stale: a run
 * would make it, or may have to. An asset can be fresh and failed: its rows are what they should be, and a check on them
 * failed because of others.
 */
export function readAssetStates(
  plan: Plan,
  failedLast: ReadonlySet<AssetKey>,
): ReadonlyMap<AssetKey, ReadonlySet<AssetState>> {
  return new Map(plan.steps.map((step) => [step.asset, statesOf(step, failedLast.has(step.asset))]));
}

function statesOf(step: Step, failed: boolean): ReadonlySet<AssetState> {
  const states = new Set<AssetState>();
  if (step.reasons.some((reason) => reason.because === "never-made")) states.add("missing").add("new");
  else if (step.make.do === "fresh") states.add("fresh");
  else states.add("stale");
  if (step.reasons.some((reason) => ownChange.has(reason.because))) states.add("modified");
  // Fresh to the last check: whatever failed was mended since, or was of no consequence here.
  const isSettled = step.make.do === "fresh" && step.checks.every((check) => check.do === "fresh");
  if (failed && !isSettled) states.add("failed");
  return states;
}

/** The one state to show where there is room for one. */
export function mainState(states: ReadonlySet<AssetState>): AssetState {
  for (const state of ["failed", "missing", "stale"] as const) if (states.has(state)) return state;
  return "fresh";
}
