import type { AssetKey } from "../definition/asset-key.ts";
import { publish } from "../lake/publish.ts";
import type { EnvironmentEntry, VersionId } from "../lake/records.ts";
import { sampleOverReal } from "../plan/sample-over-real.ts";
import type { RunResult } from "./run-result.ts";
import type { RunSession } from "./run-session.ts";
import type { Settlement } from "./settlement.ts";

/** How many published states an environment keeps to go back to. */
const keepStates = 10;

/** Moves the environment to what the run made, all at once, if every step and blocking check of it is well. */
export async function publishRun(
  session: RunSession,
  settlements: ReadonlyMap<AssetKey, Settlement>,
): Promise<RunResult> {
  const { emit, graph, now, plan, run, signal, store } = session.request;
  const none = { published: [], settlements, failure: undefined };
  if (signal.aborted) return { ...none, outcome: "interrupted" };
  const all = [...settlements.values()];
  if (all.some(({ state }) => state !== "ready")) return { ...none, outcome: "failed" };

  const entries: Record<AssetKey, EnvironmentEntry> = {};
  const expected: Record<AssetKey, VersionId | null> = {};
  const read: Record<AssetKey, VersionId | null> = {};
  for (const [asset, entry] of Object.entries(plan.entries)) read[asset as AssetKey] = entry?.version ?? null;
  for (const settlement of all) {
    if (settlement.state !== "ready" || !isNews(session.published(settlement.asset), settlement.entry))
      continue;
    const { asset, entry } = settlement;
    entries[asset] = entry;
    expected[asset] = read[asset] ?? null;
    delete read[asset];
  }
  // What led to a publish must be on record before the publish is.
  const recorded = await session.request.flush();
  if (!recorded.ok) return { ...none, outcome: "failed", failure: recorded.error };
  if (Object.keys(entries).length === 0) return { ...none, outcome: "done" };
  const at = now().toISOString();
  const synthetic = (Object.keys(entries) as AssetKey[]).filter((key) => entries[key]?.source?.synthetic);
  const done = await publish(store, {
    environment: plan.environment,
    run,
    at,
    entries,
    expected,
    read,
    // An environment can have become real since the plan.
    refuse: (environment) => sampleOverReal(graph, synthetic, environment),
    keepStates,
  });
  if (!done.ok) return { ...none, outcome: "failed", failure: done.error };
  const { published: assets, readMoved } = done.value;
  emit({ type: "run.published", environment: plan.environment, assets, readMoved });
  return { outcome: "done", published: done.value.published, settlements, failure: undefined };
}

function isNews(before: EnvironmentEntry | undefined, after: EnvironmentEntry): boolean {
  return before?.version !== after.version || JSON.stringify(before.checks) !== JSON.stringify(after.checks);
}
