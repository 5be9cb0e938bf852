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
  /** Aborted when the run is cancelled or, with `failFast`, when something failed. */
  readonly signal: AbortSignal;
  /** Says that something failed. */
  failed(): void;
}

export function createRunSession(request: RunRequest): RunSession {
  const slots = createSlots(request.concurrency, request.pools);
  const path = criticalPath(request.plan);
  request.signal.addEventListener("abort", () => slots.stop(), { once: true });
  if (request.signal.aborted) slots.stop();
  return {
    request,
    slots,
    reader: createVersionReader(request.store),
    steps: new Map(request.plan.steps.map((step) => [step.asset, step])),
    priorityOf: (asset) => path.get(asset) ?? 0,
    published: (asset) => request.environment?.assets[asset],
    signal: request.signal,
    failed: () => {
      if (request.failFast) slots.stop();
    },
  };
}
