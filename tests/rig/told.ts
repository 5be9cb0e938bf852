import type { Plan } from "../../framework/plan/plan.ts";
import type { RunEvent } from "../../framework/run/event.ts";
import type { RigRun } from "./run-rig.ts";

/** What a plan does about each asset: "run", "reuse", "fresh" or "if-changed", and the names of the reasons. */
export function planned(plan: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    plan.steps.map(({ asset, make, reasons }) => [
      asset,
      [make.do, ...reasons.map(({ because }) => because)].join(" "),
    ]),
  );
}

/** What a plan does about each check that is not fresh. */
export function plannedChecks(plan: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    plan.steps.flatMap(({ asset, checks }) =>
      checks
        .filter((check) => check.do !== "fresh")
        .map((check) => [
          `${asset} ${check.id}`,
          [check.do, ...check.reasons.map(({ because }) => because)].join(" "),
        ]),
    ),
  );
}

/** How the steps of a run ended, by asset; several ends of one step are joined, so that none is overlooked. */
export function ended(run: Pick<RigRun, "events">): Readonly<Record<string, string>> {
  const ends = new Map<string, string[]>();
  for (const event of run.events) {
    const end = endOf(event);
    if (end !== undefined && "asset" in event) ends.set(event.asset, [...(ends.get(event.asset) ?? []), end]);
  }
  return Object.fromEntries([...ends].sort().map(([asset, texts]) => [asset, texts.join(", then ")]));
}

function endOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case "step.made":
      return event.unchanged ? "made, same rows" : "made";
    case "step.reused":
      return "reused";
    case "step.skipped":
      return `skipped: ${[event.because, ...event.upstream].join(" ")}`;
    case "step.failed":
      return `failed: ${event.failure.reason}`;
    default:
      return undefined;
  }
}

/** What came of the checks of a run, by asset and check, the foreign keys alone unless told. */
export function checked(run: Pick<RigRun, "events">, only = "foreign_key"): Readonly<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const event of run.events) {
    if (!("check" in event) || !event.check.startsWith(only)) continue;
    const because = event.type === "check.not-evaluated" ? `: ${event.because}` : "";
    outcomes[`${event.asset} ${event.check}`] = `${event.type.slice("check.".length)}${because}`;
  }
  return outcomes;
}

/** How a run ended and what it published. */
export function outcome({ result }: Pick<RigRun, "result">): string {
  const published = result.published.length === 0 ? "nothing" : result.published.join(" ");
  return `${result.outcome}, published ${published}`;
}

/** The failure of a step. */
export function stepFailure(run: Pick<RigRun, "events">, asset: string): object | undefined {
  return run.events.flatMap((event) =>
    event.type === "step.failed" && event.asset === asset ? [event.failure] : [],
  )[0];
}
