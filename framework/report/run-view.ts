import type { AssetKey } from "../definition/asset-key.ts";
import type { CheckOutcome } from "../definition/check.ts";
import type { Failure } from "../definition/failure.ts";
import { unreachable } from "../definition/unreachable.ts";
import type { DataVersion, RunId, VersionId } from "../lake/records.ts";
import type { Make, Plan, Reason } from "../plan/plan.ts";
import type { RunEvent } from "../run/event.ts";

/** Where a step stands. `waiting` may still turn out to need nothing. */
export type StepState =
  | "fresh"
  | "waiting"
  | "running"
  | "made"
  | "reused"
  | "unchanged"
  | "failed"
  | "skipped";

export interface CheckView {
  readonly id: string;
  readonly state: "waiting" | "fresh" | "passed" | "warned" | "failed" | "not-evaluated";
  readonly outcome?: CheckOutcome;
  readonly because?: string;
}

export interface StepView {
  readonly asset: AssetKey;
  readonly state: StepState;
  readonly make: Make["do"];
  readonly reasons: readonly Reason[];
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Rows so far, or in the end; null while nothing is known. */
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly durationMs: number | null;
  readonly version: VersionId | null;
  readonly dataVersion: DataVersion | null;
  /** Made, with the very rows it had before. */
  readonly sameRows: boolean;
  readonly failure: Failure | null;
  /** Why it was skipped. */
  readonly upstream: readonly AssetKey[];
  readonly because: "upstream-failed" | "stopped" | null;
  readonly checks: readonly CheckView[];
  readonly log: readonly string[];
}

/** A run as its plan and events tell it: what every reporter and screen shows. */
export interface RunView {
  readonly run: RunId;
  readonly environment: string;
  readonly selection: string;
  readonly startedAt: string | null;
  readonly outcome: "running" | "done" | "failed" | "interrupted";
  readonly durationMs: number | null;
  readonly published: readonly AssetKey[] | null;
  /** What was only read and has moved before the publish. */
  readonly readMoved: readonly AssetKey[];
  readonly failure: Failure | null;
  /** In the plan's order. */
  readonly steps: ReadonlyMap<AssetKey, StepView>;
}

const logLines = 200;

/** The view before the first event. */
export function initialView(run: RunId, plan: Plan): RunView {
  const steps = plan.steps.map((step): readonly [AssetKey, StepView] => [
    step.asset,
    {
      asset: step.asset,
      state: step.make.do === "fresh" ? "fresh" : "waiting",
      make: step.make.do,
      reasons: step.reasons,
      attempt: 0,
      startedAt: null,
      endedAt: null,
      rows: step.make.do === "fresh" ? (step.expected?.rows ?? null) : null,
      bytes: null,
      durationMs: null,
      version: null,
      dataVersion: null,
      sameRows: false,
      failure: null,
      upstream: [],
      because: null,
      checks: step.checks.map(({ id, do: make }) => ({ id, state: make === "fresh" ? "fresh" : "waiting" })),
      log: [],
    },
  ]);
  return {
    run,
    environment: plan.environment,
    selection: plan.selection,
    startedAt: null,
    outcome: "running",
    durationMs: null,
    published: null,
    readMoved: [],
    failure: null,
    steps: new Map(steps),
  };
}

/** The view after some more events. Pure: the same events in any chunks give the same view. */
export function foldEvents(view: RunView, events: Iterable<RunEvent>): RunView {
  const draft: Draft = { ...view, steps: new Map(view.steps) };
  for (const event of events) applyEvent(draft, event);
  return draft;
}

/** A view that nobody else has seen yet, so that many events cost one copy. */
type Draft = { -readonly [K in keyof Omit<RunView, "steps">]: RunView[K] } & {
  readonly steps: Map<AssetKey, StepView>;
};

function applyEvent(draft: Draft, event: RunEvent): void {
  switch (event.type) {
    case "run.planned":
      return;
    case "run.started":
      draft.startedAt = event.at;
      return;
    case "run.published":
      draft.published = event.assets;
      draft.readMoved = event.readMoved;
      return;
    case "run.ended":
      draft.outcome = event.outcome;
      draft.durationMs = event.durationMs;
      draft.failure = event.failure ?? null;
      return;
    default: {
      const step = draft.steps.get(event.asset);
      if (step !== undefined) draft.steps.set(event.asset, { ...step, ...stepChange(step, event) });
    }
  }
}

type StepEvent = Extract<RunEvent, { readonly asset: AssetKey }>;

/** What an event changes of its step. */
export function stepChange(step: StepView, event: StepEvent): Partial<StepView> {
  switch (event.type) {
    case "step.started":
      return {
        state: "running",
        attempt: event.attempt,
        startedAt: event.at,
        rows: null,
      };
    case "step.progressed":
      return { rows: event.rows };
    case "step.logged":
      return {
        log: [...step.log, event.message].slice(-logLines),
      };
    case "step.retried":
      return { state: "waiting", rows: null };
    case "step.made":
      return {
        state: "made",
        endedAt: event.at,
        rows: event.rows,
        bytes: event.bytes,
        durationMs: event.durationMs,
        version: event.version,
        dataVersion: event.dataVersion,
        sameRows: event.unchanged,
      };
    case "step.reused":
      return {
        state: "reused",
        endedAt: event.at,
        rows: event.rows,
        version: event.version,
        dataVersion: event.dataVersion,
      };
    case "step.skipped":
      if (event.because === "inputs-equal") return { state: "unchanged", endedAt: event.at };
      return { state: "skipped", endedAt: event.at, because: event.because, upstream: event.upstream };
    case "step.failed":
      return {
        state: "failed",
        endedAt: event.at,
        durationMs: event.durationMs,
        failure: event.failure,
      };
    case "check.passed":
      return checkChange(step, { id: event.check, state: "passed" });
    case "check.warned":
      return checkChange(step, { id: event.check, state: "warned", outcome: event.outcome });
    case "check.failed":
      return checkChange(step, { id: event.check, state: "failed", outcome: event.outcome });
    case "check.not-evaluated":
      return checkChange(step, {
        id: event.check,
        state: "not-evaluated",
        because: event.because,
      });
    default:
      return unreachable(event);
  }
}

function checkChange(step: StepView, check: CheckView): Partial<StepView> {
  const others = step.checks.filter(({ id }) => id !== check.id);
  return { checks: [...others, check].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** How many steps are in each state. */
export function countStates(view: RunView): Readonly<Record<StepState, number>> {
  const counts = {
    fresh: 0,
    waiting: 0,
    running: 0,
    made: 0,
    reused: 0,
    unchanged: 0,
    failed: 0,
    skipped: 0,
  };
  for (const { state } of view.steps.values()) counts[state]++;
  return counts;
}
