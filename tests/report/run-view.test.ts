import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { Plan, Step } from "../../framework/plan/plan.ts";
import { isRunSummary, summarize } from "../../framework/report/run-summary.ts";
import { countStates, foldEvents, initialView, type RunView } from "../../framework/report/run-view.ts";
import type { EventBody, RunEvent } from "../../framework/run/event.ts";

const run = "01kaesw1w2000000000000000a";
const at = "2026-01-02T03:04:05.000Z";
const a = "a" as AssetKey;
const b = "b" as AssetKey;
const c = "c" as AssetKey;

function step(asset: AssetKey, make: Step["make"], checks: Step["checks"] = []): Step {
  return {
    asset,
    partitions: "whole",
    make,
    reasons: [{ because: "forced" }],
    checks,
    fingerprint: null,
    ownParts: [],
    source: null,
    inputs: [],
    expected: { rows: 7, durationMs: 100 },
    group: asset,
  };
}

const plan: Plan = {
  formatVersion: 1,
  project: "letters",
  environment: "dev",
  selection: "a+",
  lake: "./lake",
  sources: {},
  forced: false,
  plannedAt: at,
  entries: {},
  steps: [
    step(a, { do: "run" }, [
      { id: "not_null(id)", do: "run", reasons: [] },
      { id: "unique(id)", do: "fresh", reasons: [] },
    ]),
    step(b, { do: "if-changed" }),
    step(c, { do: "fresh", version: "v0", dataVersion: "d0" }),
  ],
  groups: [],
};

function events(bodies: readonly EventBody[]): readonly RunEvent[] {
  return bodies.map((body, index) => ({ run, sequence: index + 1, at, ...body }));
}

function viewAfter(...bodies: readonly EventBody[]): RunView {
  return foldEvents(initialView(run, plan), events(bodies));
}

const made = {
  type: "step.made",
  asset: a,
  version: "v1",
  dataVersion: "d1",
  rows: 3,
  bytes: 300,
  durationMs: 12,
  unchanged: false,
} as const;
const lost = { reason: "source-unreachable", source: "shop", table: "a", message: "lost" } as const;

describe("a run's view", () => {
  it("begins with what the plan says", () => {
    const view = initialView(run, plan);
    expect(
      [...view.steps.values()].map(({ asset, checks, rows, state }) => ({ asset, checks, rows, state })),
    ).toEqual([
      {
        asset: "a",
        state: "waiting",
        rows: null,
        checks: [
          { id: "not_null(id)", state: "waiting" },
          { id: "unique(id)", state: "fresh" },
        ],
      },
      { asset: "b", state: "waiting", rows: null, checks: [] },
      { asset: "c", state: "fresh", rows: 7, checks: [] },
    ]);
    expect(view).toMatchObject({ outcome: "running", published: null, failure: null, startedAt: null });
  });

  it("follows a step from its start over a retry to its end", () => {
    const bodies: readonly EventBody[] = [
      {
        type: "run.planned",
        environment: "dev",
        selection: "a+",
        steps: { run: 1, reuse: 0, fresh: 1, "if-changed": 1 },
      },
      { type: "run.started", pid: 1, host: "here", concurrency: 2 },
      { type: "step.started", asset: a, attempt: 1 },
      { type: "step.progressed", asset: a, rows: 2 },
      { type: "step.retried", asset: a, attempt: 1, waitMs: 5, failure: lost },
      { type: "step.started", asset: a, attempt: 2 },
      made,
      { type: "check.passed", asset: a, check: "not_null(id)", durationMs: 1 },
      { type: "step.skipped", asset: b, because: "inputs-equal", upstream: [] },
      { type: "run.published", environment: "dev", assets: [a], readMoved: [] },
      { type: "run.ended", outcome: "done", durationMs: 40 },
    ];
    const states: string[] = [];
    let view = initialView(run, plan);
    for (const event of events(bodies)) {
      view = foldEvents(view, [event]);
      const { attempt, rows, state } = view.steps.get(a) ?? {};
      states.push(`${state} ${attempt} ${rows}`);
    }
    expect(states).toEqual([
      "waiting 0 null",
      "waiting 0 null",
      "running 1 null",
      "running 1 2",
      "waiting 1 null",
      "running 2 null",
      "made 2 3",
      "made 2 3",
      "made 2 3",
      "made 2 3",
      "made 2 3",
    ]);
    expect(view).toMatchObject({ outcome: "done", durationMs: 40, published: ["a"], startedAt: at });
    expect(view.steps.get(a)).toMatchObject({
      version: "v1",
      dataVersion: "d1",
      bytes: 300,
      durationMs: 12,
      sameRows: false,
      checks: [
        { id: "not_null(id)", state: "passed" },
        { id: "unique(id)", state: "fresh" },
      ],
    });
    expect(countStates(view)).toEqual({
      fresh: 1,
      waiting: 0,
      running: 0,
      made: 1,
      reused: 0,
      unchanged: 1,
      failed: 0,
      skipped: 0,
    });
  });

  it("shows what failed, what was skipped for it, and what came of checks", () => {
    const outcome = { status: "failed", rows: 2, sampleColumns: ["id"], sample: [["1"]] } as const;
    const failure = { reason: "check-failed", checks: ["not_null(id)"], message: "1 check failed" } as const;
    const view = viewAfter(
      { type: "step.started", asset: a, attempt: 1 },
      made,
      { type: "check.failed", asset: a, check: "not_null(id)", severity: "blocking", outcome },
      { type: "check.warned", asset: a, check: "unique(id)", outcome },
      { type: "check.not-evaluated", asset: a, check: "foreign_key(x→y)", because: "y was not made" },
      { type: "step.failed", asset: a, failure, durationMs: 20 },
      { type: "step.skipped", asset: b, because: "upstream-failed", upstream: [a] },
      { type: "run.ended", outcome: "failed", durationMs: 30 },
    );
    expect(view.steps.get(a)).toMatchObject({
      state: "failed",
      failure,
      checks: [
        { id: "foreign_key(x→y)", state: "not-evaluated", because: "y was not made" },
        { id: "not_null(id)", state: "failed", outcome },
        { id: "unique(id)", state: "warned", outcome },
      ],
    });
    expect(view.steps.get(b)).toMatchObject({
      state: "skipped",
      because: "upstream-failed",
      upstream: ["a"],
    });
    expect(view).toMatchObject({ outcome: "failed", published: null });
  });

  it("keeps the last lines of a log", () => {
    const logged = Array.from(
      { length: 250 },
      (_, line): EventBody => ({
        type: "step.logged",
        asset: a,
        message: `line ${line + 1}`,
      }),
    );
    const { log = [] } = viewAfter(...logged).steps.get(a) ?? {};
    expect([log.length, log[0], log.at(-1)]).toEqual([200, "line 51", "line 250"]);
  });

  it("is not changed by an event of an asset that the plan does not have", () => {
    const before = initialView(run, plan);
    const other = "z" as AssetKey;
    expect(foldEvents(before, events([{ ...made, asset: other }]))).toEqual(before);
  });

  it("is the same however its events are cut, and leaves the view before it alone", () => {
    const asset = fc.constantFrom(a, b, c);
    const check = fc.constantFrom("not_null(id)", "unique(id)", "other(x)");
    const body: fc.Arbitrary<EventBody> = fc.oneof(
      fc.record({
        type: fc.constant("step.started" as const),
        asset,
        attempt: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ type: fc.constant("step.progressed" as const), asset, rows: fc.nat() }),
      fc.record({ type: fc.constant("step.logged" as const), asset, message: fc.string() }),
      fc.record({
        type: fc.constant("step.retried" as const),
        asset,
        attempt: fc.nat(3),
        waitMs: fc.nat(),
        failure: fc.constant(lost),
      }),
      asset.map((of) => ({ ...made, asset: of })),
      asset.map(
        (of) => ({ type: "step.reused", asset: of, version: "v", dataVersion: "d", rows: 1 }) as const,
      ),
      fc.record({
        type: fc.constant("step.failed" as const),
        asset,
        failure: fc.constant(lost),
        durationMs: fc.nat(),
      }),
      fc.record({
        type: fc.constant("step.skipped" as const),
        asset,
        because: fc.constantFrom("inputs-equal" as const, "upstream-failed" as const, "stopped" as const),
        upstream: fc.subarray([a, b]),
      }),
      fc.record({ type: fc.constant("check.passed" as const), asset, check, durationMs: fc.nat() }),
      fc.record({
        type: fc.constant("check.not-evaluated" as const),
        asset,
        check,
        because: fc.constant("of something"),
      }),
      fc.constant({ type: "run.published", environment: "dev", assets: [a], readMoved: [] } as const),
    );
    fc.assert(
      fc.property(fc.array(body, { maxLength: 40 }), fc.array(fc.nat(7)), (bodies, cuts) => {
        const all = events(bodies);
        const whole = foldEvents(initialView(run, plan), all);
        let view = initialView(run, plan);
        let from = 0;
        for (const length of [...cuts, all.length]) {
          const before = structuredClone(view);
          const next = foldEvents(view, all.slice(from, from + length));
          expect(view).toEqual(before);
          view = next;
          from += length;
        }
        expect(view).toEqual(whole);
      }),
    );
  });
});

describe("a run's summary", () => {
  it("says how it ended, step by step, as plain JSON that is known again", () => {
    const view = viewAfter(
      { type: "run.started", pid: 1, host: "here", concurrency: 2 },
      { type: "step.started", asset: a, attempt: 1 },
      made,
      {
        type: "check.failed",
        asset: a,
        check: "not_null(id)",
        severity: "blocking",
        outcome: { status: "failed", rows: 1, sampleColumns: [], sample: [] },
      },
      {
        type: "step.failed",
        asset: a,
        failure: { reason: "check-failed", checks: ["not_null(id)"], message: "check failed" },
        durationMs: 20,
      },
      { type: "run.ended", outcome: "failed", durationMs: 30 },
    );
    const summary = summarize(view);
    expect(summary).toEqual({
      formatVersion: 1,
      run,
      environment: "dev",
      selection: "a+",
      outcome: "failed",
      startedAt: at,
      durationMs: 30,
      published: null,
      failure: null,
      steps: [
        {
          asset: "a",
          state: "failed",
          rows: 3,
          bytes: 300,
          durationMs: 20,
          failure: "check failed",
          failedChecks: ["not_null(id)"],
        },
        {
          asset: "b",
          state: "waiting",
          rows: null,
          bytes: null,
          durationMs: null,
          failure: null,
          failedChecks: [],
        },
        {
          asset: "c",
          state: "fresh",
          rows: 7,
          bytes: null,
          durationMs: null,
          failure: null,
          failedChecks: [],
        },
      ],
    });
    expect(isRunSummary(JSON.parse(JSON.stringify(summary)))).toBe(true);
  });

  it("of a run that never came to its end says that it was interrupted", () => {
    expect(summarize(viewAfter({ type: "run.started", pid: 1, host: "here", concurrency: 2 }))).toMatchObject(
      {
        outcome: "interrupted",
        durationMs: 0,
      },
    );
  });

  it.each([
    null,
    [],
    {},
    { formatVersion: 2, run, environment: "dev", steps: [] },
    { formatVersion: 1, run, environment: "dev" },
  ])("is not taken for one where it is none: %j", (value) => {
    expect(isRunSummary(value)).toBe(false);
  });
});
