import type { AssetKey } from "../definition/asset-key.ts";
import type { RunId } from "../lake/records.ts";
import type { RunView, StepState } from "./run-view.ts";

/** runs/<id>/summary.json: how a run ended. */
export interface RunSummary {
  readonly formatVersion: 1;
  readonly run: RunId;
  readonly environment: string;
  readonly selection: string;
  readonly outcome: "done" | "failed" | "interrupted";
  readonly startedAt: string;
  readonly durationMs: number;
  /** Assets whose current version moved; null where nothing was published. */
  readonly published: readonly AssetKey[] | null;
  readonly failure: string | null;
  readonly steps: readonly {
    readonly asset: AssetKey;
    readonly state: StepState;
    readonly rows: number | null;
    readonly bytes: number | null;
    readonly durationMs: number | null;
    readonly failure: string | null;
    readonly failedChecks: readonly string[];
  }[];
}

/** The summary of a view that has seen its last event. */
export function summarize(view: RunView): RunSummary {
  return {
    formatVersion: 1,
    run: view.run,
    environment: view.environment,
    selection: view.selection,
    outcome: view.outcome === "running" ? "interrupted" : view.outcome,
    startedAt: view.startedAt ?? "",
    durationMs: view.durationMs ?? 0,
    published: view.published,
    failure: view.failure?.message ?? null,
    steps: [...view.steps.values()].map((step) => ({
      asset: step.asset,
      state: step.state,
      rows: step.rows,
      bytes: step.bytes,
      durationMs: step.durationMs,
      failure: step.failure?.message ?? null,
      failedChecks: step.checks.filter(({ state }) => state === "failed").map(({ id }) => id),
    })),
  };
}

/** Whether JSON from the lake is a summary that this version understands. */
export function isRunSummary(value: unknown): value is RunSummary {
  if (typeof value !== "object" || value === null) return false;
  const summary = value as Partial<RunSummary>;
  return (
    summary.formatVersion === 1 &&
    typeof summary.run === "string" &&
    typeof summary.environment === "string" &&
    Array.isArray(summary.steps)
  );
}
