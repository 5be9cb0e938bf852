import type { AssetKey } from "../framework/definition/asset-key.ts";
import type { AssetState } from "../framework/definition/asset-state.ts";
import type { Failure } from "../framework/definition/failure.ts";
import { err, ok, type Result } from "../framework/definition/result.ts";
import type { Environment } from "../framework/lake/records.ts";
import { readAssetStates } from "../framework/report/asset-state.ts";
import {
  requestNeedsState,
  type SelectedAssets,
  selectAssets,
} from "../framework/selection/select-assets.ts";
import type { CommandOptions } from "./command-options.ts";
import { failedInLastRun } from "./last-run.ts";
import { preparePlan } from "./prepare-plan.ts";
import type { ProjectSession } from "./project-session.ts";

type States = ReadonlyMap<AssetKey, ReadonlySet<AssetState>>;

/** The state of every asset, from a plan over the whole graph. */
export async function readStates(
  session: ProjectSession,
  environment: Environment | undefined,
  signal: AbortSignal,
): Promise<Result<States, Failure>> {
  const options = { selected: session.graph.order, selection: "", force: false, isOnlyLook: true };
  const plan = await preparePlan(session, environment, options, signal);
  if (!plan.ok) return plan;
  const failed = await failedInLastRun(session.store, session.environmentName);
  return failed.ok ? ok(readAssetStates(plan.value, failed.value)) : failed;
}

/** The assets that a command line asks for. States are worked out only if it asks for states. */
export async function selectForCommand(
  session: ProjectSession,
  environment: Environment | undefined,
  options: Pick<CommandOptions, "select" | "exclude">,
  signal: AbortSignal,
): Promise<Result<SelectedAssets, Failure>> {
  const request = { select: options.select, exclude: options.exclude };
  let states: States = new Map();
  if (requestNeedsState(request)) {
    const read = await readStates(session, environment, signal);
    if (!read.ok) return read;
    states = read.value;
  }
  const none: ReadonlySet<AssetState> = new Set();
  const selected = selectAssets(request, session.graph, { stateOf: (key) => states.get(key) ?? none });
  return selected.ok ? selected : err(selected.error);
}
