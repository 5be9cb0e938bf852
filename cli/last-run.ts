import type { AssetKey } from "../framework/definition/asset-key.ts";
import type { Failure } from "../framework/definition/failure.ts";
import { ok, type Result } from "../framework/definition/result.ts";
import { listRuns, readSummary } from "../framework/lake/runs.ts";
import type { Store } from "../framework/lake/storage/store.ts";
import { isRunSummary } from "../framework/report/run-summary.ts";

/** How many runs to look back for the last one of an environment. */
const lookBack = 20;

/** The assets that failed in an environment's last run; none where that run is unknown or under way. */
export async function failedInLastRun(
  store: Store,
  environment: string,
): Promise<Result<ReadonlySet<AssetKey>, Failure>> {
  const runs = await listRuns(store, lookBack);
  if (!runs.ok) return runs;
  for (const run of runs.value) {
    const summary = await readSummary(store, run);
    // A run that another version of the product wrote, or that was cut off, says nothing about failures.
    if (!summary.ok || !isRunSummary(summary.value) || summary.value.environment !== environment) continue;
    return ok(
      new Set(summary.value.steps.filter(({ state }) => state === "failed").map(({ asset }) => asset)),
    );
  }
  return ok(new Set());
}
