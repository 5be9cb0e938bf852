import { setMaxListeners } from "node:events";
import type { AssetKey } from "../definition/asset-key.ts";
import type { EnvironmentEntry } from "../lake/records.ts";
import type { Step } from "../plan/plan.ts";
import { criticalPath } from "./critical-path.ts";
import type { RunRequest } from "./run-request.ts";
import type { Slots } from "./slots.ts";
import { createSlots } from "./slots.ts";
import { createVersionReader, type VersionReader } from "./version-reader.ts";

/** What the parts of one run share. */
export interface RunSession {
  readonly request: RunRequest;
  readonly slots: Slots;
  readonly reader: VersionReader;
  readonly steps: ReadonlyMap<AssetKey, Step>;
  priorityOf(asset: AssetKey): number;
  /** What the environment held when the plan was made. */
  published(asset: AssetKey): EnvironmentEntry | undefined;
  /** Aborted when the run is cancelled, with the same reason. */
  readonly signal: AbortSignal;
  /** Says that something failed: with `failFast`, nothing new is started then. */
  failed(): void;
  /** Lets go of what outlives the run. */
  close(): void;
}

export function createRunSession(request: RunRequest): RunSession {
  const slots = createSlots(request.concurrency, request.pools);
  const path = criticalPath(request.plan);
  const controller = new AbortController();
  // Each step under way listens, and there can be many.
  setMaxListeners(0, controller.signal);
  const cancel = (): void => {
    slots.stop();
    controller.abort(request.signal.reason);
  };
  if (request.signal.aborted) cancel();
  else request.signal.addEventListener("abort", cancel, { once: true });
  return {
    request,
    slots,
    reader: createVersionReader(request.store),
    steps: new Map(request.plan.steps.map((step) => [step.asset, step])),
    priorityOf: (asset) => path.get(asset) ?? 0,
    published: (asset) => request.environment?.assets[asset],
    signal: controller.signal,
    failed: () => {
      if (request.failFast) slots.stop();
    },
    close: () => request.signal.removeEventListener("abort", cancel),
  };
}
