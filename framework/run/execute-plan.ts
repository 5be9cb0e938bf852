import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import type { InputRead } from "../lake/records.ts";
import type { Step } from "../plan/plan.ts";
import { settleForeignKeys, settleOwnChecks } from "./check-step.ts";
import { publishRun } from "./publish-run.ts";
import type { RunRequest } from "./run-request.ts";
import type { RunResult } from "./run-result.ts";
import { createRunSession, type RunSession } from "./run-session.ts";
import { runSingle } from "./run-single.ts";
import { runSourceGroup } from "./run-source-group.ts";
import { keep, type Settlement } from "./settlement.ts";

/**
 * Executes a plan: every step as soon as its inputs have settled, checks as soon as both their sides have, and one
 * publish at the end, if all is well. Never throws for what can be expected to go wrong.
 */
export async function executePlan(request: RunRequest): Promise<RunResult> {
  const session = createRunSession(request);
  const settling = new Map<AssetKey, Promise<Settlement>>();
  const groups = new Map<string, Promise<ReadonlyMap<AssetKey, Settlement>>>();
  for (const group of request.plan.groups) {
    if (group.mode === "atomic") groups.set(group.id, runSourceGroup(session, group));
  }
  for (const step of request.plan.steps) {
    const group = groups.get(step.group);
    const made = group
      ? group.then((settled) => settled.get(step.asset) as Settlement)
      : settleStep(session, step, settling);
    settling.set(
      step.asset,
      made
        .then((settlement) => settleOwnChecks(session, settlement))
        .catch((thrown) => settleBug(session, step, thrown)),
    );
  }
  const settled = await Promise.all(
    request.plan.steps.map(async (step) => {
      const settlement = await settleForeignKeys(session, step.asset, settling).catch((thrown) =>
        settleBug(session, step, thrown),
      );
      return [step.asset, settlement] as const;
    }),
  );
  const result = await publishRun(session, new Map(settled));
  session.close();
  return result;
}

async function settleStep(
  session: RunSession,
  step: Step,
  settling: ReadonlyMap<AssetKey, Promise<Settlement>>,
): Promise<Settlement> {
  const inputs: InputRead[] = [];
  const lost: AssetKey[] = [];
  let anyChanged = false;
  let stopped = true;
  for (const { name, asset } of step.inputs) {
    const settlement = await settling.get(asset);
    if (settlement !== undefined && settlement.state !== "ready") {
      if (!lost.includes(asset)) lost.push(asset);
      stopped &&= settlement.state === "skipped" && settlement.because === "stopped";
      continue;
    }
    const entry = settlement?.entry ?? session.published(asset);
    if (entry === undefined) throw new Error(`Internal error: ${step.asset} was planned without ${asset}`);
    anyChanged ||= settlement?.changed ?? false;
    inputs.push({ name, asset, version: entry.version, dataVersion: entry.dataVersion });
  }
  const { asset } = step;
  if (lost.length > 0) {
    const because = stopped ? "stopped" : "upstream-failed";
    session.request.emit({ type: "step.skipped", asset, because, upstream: lost });
    return { state: "skipped", asset, because };
  }
  const entry = session.published(asset);
  if (step.make.do === "fresh" && !anyChanged && entry) {
    return keep(asset, entry);
  }
  return runSingle(session, step, inputs);
}

// Our own bug in one step: the others end in order, and the report says where it was.
function settleBug(session: RunSession, step: Step, thrown: unknown): Settlement {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const failure: Failure = {
    reason: "engine-failed",
    engine: "typed-assets",
    message: error.message.startsWith("Internal error") ? error.message : `Internal error: ${error.message}`,
    hint: "this is a fault of the framework, please report it",
    detail:
      error.stack
        ?.split("\n")
        .slice(1, 8)
        .map((line) => line.trim()) ?? [],
  };
  session.request.emit({ type: "step.failed", asset: step.asset, failure, durationMs: 0 });
  session.failed();
  return { state: "failed", asset: step.asset, failure };
}
