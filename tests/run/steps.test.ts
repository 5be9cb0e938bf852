import { describe, expect, it } from "vitest";
import { asset, defineProject, integer, source, sql, string, table } from "../../framework/index.ts";
import { controlledFunction } from "../rig/controlled-function.ts";
import { controlledSource } from "../rig/controlled-source.ts";
import { openRunRig, type RigRun, sharedDuckdb } from "../rig/run-rig.ts";
import { checked, ended, outcome, stepFailure } from "../rig/told.ts";

const duckdb = sharedDuckdb();
const columns = { id: integer() };

/** Function assets a → b → d and a → c, and e alone, each under the test's control. */
function diamond() {
  const control = {
    a: controlledFunction(),
    b: controlledFunction(),
    c: controlledFunction(),
    d: controlledFunction(),
    e: controlledFunction(),
  };
  const a = asset.run("a", { inputs: {}, columns, run: control.a.run });
  const b = asset.run("b", { inputs: { a }, columns, run: control.b.run });
  const c = asset.run("c", { inputs: { a }, columns, run: control.c.run });
  const d = asset.run("d", { inputs: { b }, columns, run: control.d.run });
  const e = asset.run("e", { inputs: {}, columns, run: control.e.run });
  return { control, project: defineProject({ name: "letters", assets: [a, b, c, d, e] }) };
}

function starts({ events }: Pick<RigRun, "events">): readonly string[] {
  return events.flatMap((event) => (event.type === "step.started" ? [event.asset] : []));
}

describe("a run", () => {
  it("starts each step when its inputs are made, and publishes all at once", async () => {
    const { control, project } = diamond();
    const rig = await openRunRig(duckdb, { project });
    const running = rig.materialize();
    const [a, e] = await Promise.all([control.a.next(), control.e.next()]);
    e.give([{ id: 5 }]);
    a.give([{ id: 1 }]);
    const [b, c] = await Promise.all([control.b.next(), control.c.next()]);
    expect(control.d.calls()).toBe(0);
    expect(await rig.environment()).toBeUndefined();
    b.give([{ id: 2 }]);
    (await control.d.next()).give([{ id: 4 }]);
    c.give([{ id: 3 }]);
    const run = await running;
    expect(outcome(run)).toBe("done, published a b c d e");
    expect(ended(run)).toEqual({ a: "made", b: "made", c: "made", d: "made", e: "made" });
    expect(await rig.rows("d")).toEqual([{ id: 4 }]);
    expect(run.late).toEqual([]);
  });

  it("starts what has the longest way to go first, then by name", async () => {
    const { control, project } = diamond();
    const rig = await openRunRig(duckdb, { project });
    const running = rig.materialize({ concurrency: 1 });
    for (const key of ["a", "b", "c", "d", "e"] as const) (await control[key].next()).give([]);
    expect(starts(await running)).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("keeps to the limits of named pools", async () => {
    const one = controlledFunction();
    const two = controlledFunction();
    const free = controlledFunction();
    const rig = await openRunRig(duckdb, {
      project: defineProject({
        name: "pools",
        assets: [
          asset.run("one", { inputs: {}, columns, pool: "api", run: one.run }),
          asset.run("two", { inputs: {}, columns, pool: "api", run: two.run }),
          asset.run("very_free", { inputs: {}, columns, run: free.run }),
        ],
      }),
      pools: { api: 1 },
    });
    const running = rig.materialize();
    const first = await one.next();
    (await free.next()).give([]);
    expect(two.calls()).toBe(0);
    first.give([]);
    (await two.next()).give([]);
    expect(starts(await running)).toEqual(["one", "very_free", "two"]);
  });
});

describe("many steps at once", () => {
  it("leave no warnings of Node behind", async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", onWarning);
    try {
      const many = Array.from({ length: 14 }, (_, index) => `many_${index}`);
      const shop = controlledSource(Object.fromEntries(many.map((key) => [key, { rows: [{ id: 1 }] }])));
      const slow = controlledFunction();
      const rig = await openRunRig(duckdb, {
        project: defineProject({
          name: "many",
          assets: many.flatMap((key) => [
            asset.from(key, source("shop").table(table(key, { columns }))),
            asset.run(`slow_${key}`, { inputs: {}, columns, run: slow.run }),
          ]),
        }),
        sources: { shop },
      });
      const running = rig.materialize({ concurrency: 28 });
      const calls = await Promise.all(many.map(() => slow.next()));
      for (const call of calls) call.give([]);
      expect((await running).result.outcome).toBe("done");
      expect(warnings).toEqual([]);
    } finally {
      process.off("warning", onWarning);
    }
  });
});

describe("a step that fails", () => {
  it("skips its downstream and no others, and nothing is published", async () => {
    const { control, project } = diamond();
    const rig = await openRunRig(duckdb, { project });
    const running = rig.materialize();
    (await control.a.next()).give([{ id: 1 }]);
    (await control.b.next()).fail(new Error("b has no luck"));
    (await control.c.next()).give([{ id: 3 }]);
    (await control.e.next()).give([{ id: 5 }]);
    const run = await running;
    expect(outcome(run)).toBe("failed, published nothing");
    expect(ended(run)).toEqual({
      a: "made",
      b: "failed: function-threw",
      c: "made",
      d: "skipped: upstream-failed b",
      e: "made",
    });
    expect(control.d.calls()).toBe(0);
    expect(run.environment).toBeUndefined();

    // What was made is reused, and only what failed is tried again.
    const again = rig.materialize();
    (await control.b.next()).give([{ id: 2 }]);
    (await control.d.next()).give([{ id: 4 }]);
    const second = await again;
    expect(ended(second)).toEqual({ a: "reused", b: "made", c: "reused", d: "made", e: "reused" });
    expect(outcome(second)).toBe("done, published a b c d e");
  });

  it("is named once where it gives two inputs of one asset", async () => {
    const bad = controlledFunction();
    const a = asset.run("a", { inputs: {}, columns, run: bad.run });
    const both = asset.sql("both", {
      inputs: { left: a, right: a },
      columns,
      sql: ({ left, right }) => sql`select ${left.id} from ${left} join ${right} using (id)`,
    });
    const rig = await openRunRig(duckdb, { project: defineProject({ name: "twice", assets: [a, both] }) });
    const running = rig.materialize();
    (await bad.next()).fail(new Error("no"));
    expect(ended(await running)).toEqual({
      a: "failed: function-threw",
      both: "skipped: upstream-failed a",
    });
  });

  it("with fail-fast lets go on what runs and starts nothing new, checks neither", async () => {
    const { control, project } = diamond();
    const rig = await openRunRig(duckdb, { project });
    let cFailed = (): void => {};
    const failed = new Promise<void>((resolve) => {
      cFailed = resolve;
    });
    const running = rig.materialize({
      failFast: true,
      onEvent: (event) => event.type === "step.failed" && cFailed(),
    });
    (await control.a.next()).give([{ id: 1 }]);
    const [b, c] = await Promise.all([control.b.next(), control.c.next()]);
    c.fail(new Error("no"));
    await failed;
    b.give([{ id: 2 }]);
    (await control.e.next()).give([{ id: 5 }]);
    const run = await running;
    expect(outcome(run)).toBe("failed, published nothing");
    expect(ended(run)).toEqual({
      a: "made",
      b: "made",
      c: "failed: function-threw",
      d: "skipped: stopped b",
      e: "made",
    });
    expect(checked(run, "")).toEqual({
      "a not_null(id)": "passed",
      "b not_null(id)": "not-evaluated: the run was stopped",
      "e not_null(id)": "not-evaluated: the run was stopped",
    });
  });

  it("with fail-fast, one after the other, starts none of those that wait", async () => {
    const { control, project } = diamond();
    const rig = await openRunRig(duckdb, { project });
    const running = rig.materialize({ failFast: true, concurrency: 1 });
    (await control.a.next()).give([{ id: 1 }]);
    (await control.b.next()).fail(new Error("no"));
    const run = await running;
    expect(ended(run)).toEqual({
      a: "made",
      b: "failed: function-threw",
      c: "skipped: stopped",
      d: "skipped: upstream-failed b",
      e: "skipped: stopped",
    });
    expect(starts(run)).toEqual(["a", "b"]);
  });

  it("with fail-fast is not tried again after another one has failed", async () => {
    const flaky = controlledFunction();
    const bad = controlledFunction();
    const rig = await openRunRig(duckdb, {
      project: defineProject({
        name: "two",
        assets: [
          asset.run("bad", { inputs: {}, columns, run: bad.run }),
          asset.run("flaky", { inputs: {}, columns, retry: { times: 5, wait: "1ms" }, run: flaky.run }),
        ],
      }),
    });
    let badFailed = (): void => {};
    const failed = new Promise<void>((resolve) => {
      badFailed = resolve;
    });
    const running = rig.materialize({
      failFast: true,
      onEvent: (event) => {
        if (event.type === "step.failed" && event.asset === "bad") badFailed();
      },
    });
    const call = await flaky.next();
    (await bad.next()).fail(new Error("no"));
    await failed;
    call.fail(new Error("not now"));
    expect(ended(await running)).toEqual({
      bad: "failed: function-threw",
      flaky: "failed: function-threw",
    });
    expect(flaky.calls()).toBe(1);
  });
});

describe("a function", () => {
  /** Runs one function asset without inputs, and gives its failure. */
  async function failureOf(run: () => AsyncGenerator<never, void, void>): Promise<object | undefined> {
    const one = asset.run("one", { inputs: {}, columns: { id: integer(), name: string() }, run });
    const rig = await openRunRig(duckdb, { project: defineProject({ name: "one", assets: [one] }) });
    const made = await rig.materialize();
    expect(outcome(made)).toBe("failed, published nothing");
    return stepFailure(made, "one");
  }

  it("that throws is quoted", async () => {
    expect(
      // biome-ignore lint/correctness/useYield: -- it fails before it has a row
      await failureOf(async function* () {
        throw new TypeError("the page has no table");
      }),
    ).toMatchObject({
      reason: "function-threw",
      message: "The function threw: TypeError: the page has no table",
      detail: expect.arrayContaining([expect.stringContaining("steps.test.ts")]),
    });
  });

  it("that throws when it is called, before there is a generator, is quoted just so", async () => {
    expect(
      await failureOf(() => {
        throw new Error("no password");
      }),
    ).toMatchObject({ reason: "function-threw", message: "The function threw: no password" });
  });

  it("that gives no generator is told what to write", async () => {
    const none = (() => undefined) as unknown as () => AsyncGenerator<never, void, void>;
    expect(await failureOf(none)).toMatchObject({
      reason: "function-threw",
      message: expect.stringContaining("async *run"),
    });
  });

  it("that yields a row that does not fit is told the row and the column", async () => {
    const rows = async function* () {
      yield { id: 1, name: "one" };
      yield { id: 2, name: "two" };
      yield { id: "three", name: "three" };
    };
    expect(await failureOf(rows as unknown as () => AsyncGenerator<never, void, void>)).toMatchObject({
      reason: "row-invalid",
      message: 'Row 3 of one: id is "three", not a whole number of 32 bits.',
    });
  });

  it("may log whatever it likes, in its order, with the rows of its inputs at hand", async () => {
    const a = asset.run("a", {
      inputs: {},
      columns,
      async *run() {
        for (let id = 1; id <= 3; id++) yield { id };
      },
    });
    const b = asset.run("b", {
      inputs: { a },
      columns,
      config: { factor: 10 },
      async *run({ inputs, config, log }) {
        log(`${inputs.a.rows} rows`);
        for await (const batch of inputs.a.batches())
          for (const { id } of batch) yield { id: id * config.factor };
        log({ toString: () => "done" } as unknown as string);
      },
    });
    const rig = await openRunRig(duckdb, { project: defineProject({ name: "logs", assets: [a, b] }) });
    const run = await rig.materialize();
    expect(outcome(run)).toBe("done, published a b");
    expect(run.events.flatMap((event) => (event.type === "step.logged" ? [event.message] : []))).toEqual([
      "3 rows",
      "done",
    ]);
    expect(await rig.rows("b")).toEqual([{ id: 10 }, { id: 20 }, { id: 30 }]);
  });
});

describe("own checks", () => {
  it("that fail keep what is downstream from being made, and say which rows offend", async () => {
    const a = asset.run("a", {
      inputs: {},
      columns: { id: integer(), state: string().oneOf(["new", "old"]) },
      primaryKey: ["id"],
      async *run() {
        yield { id: 1, state: "new" as const };
        yield { id: 1, state: "odd" as "old" };
      },
    });
    const b = asset.sql("b", { inputs: { a }, columns, sql: ({ a }) => sql`select ${a.id} from ${a}` });
    const rig = await openRunRig(duckdb, { project: defineProject({ name: "checks", assets: [a, b] }) });
    const run = await rig.materialize();
    expect(ended(run)).toEqual({
      a: "made, then failed: check-failed",
      b: "skipped: upstream-failed a",
    });
    expect(checked(run, "")).toEqual({
      "a accepted(state)": "failed",
      "a not_null(id)": "passed",
      "a not_null(state)": "passed",
      "a unique(id)": "failed",
    });
    expect(stepFailure(run, "a")).toMatchObject({
      reason: "check-failed",
      checks: ["accepted(state)", "unique(id)"],
      message:
        "2 checks failed: state has other values than accepted in 1 row; id not unique: 2 rows share a value",
      detail: ['id="1"  state="odd"', 'id="1"  rows="2"'],
      hint: expect.stringMatching(
        /^nothing was published; mend .*; these rows are kept until .* --select a --force$/,
      ),
    });
    expect(run.environment).toBeUndefined();
  });
});
