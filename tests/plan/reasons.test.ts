import { describe, expect, it } from "vitest";
import {
  type Asset,
  asset,
  type Columns,
  decimal,
  defineProject,
  double,
  integer,
  sql,
  string,
} from "../../framework/index.ts";
import type { Reason } from "../../framework/plan/plan.ts";
import { reasonsText } from "../../framework/plan/reason-text.ts";
import { openRunRig, type RigProject, sharedDuckdb } from "../rig/run-rig.ts";
import { planned, plannedChecks } from "../rig/told.ts";

const duckdb = sharedDuckdb();
const idOnly = { id: integer() };

function numbers(key: string, ...ids: readonly number[]): Asset<string, typeof idOnly> {
  return asset.run(key, {
    inputs: {},
    columns: idOnly,
    config: { ids: [...ids] },
    async *run({ config }) {
      for (const id of config.ids) yield { id };
    },
  });
}

function project(...assets: readonly Asset[]): RigProject {
  return { project: defineProject({ name: "reasons", assets }) };
}

/** Publishes one project, and gives the reasons that another then has to make `key`. */
async function reasonsAfter(
  before: RigProject,
  after: RigProject,
  key: string,
): Promise<{ readonly reasons: readonly Reason[]; readonly text: string; readonly make: string }> {
  const rig = await openRunRig(duckdb, before);
  await rig.materialize();
  rig.declare(after);
  const step = (await rig.plan()).steps.find(({ asset }) => asset === key);
  const reasons = step?.reasons ?? [];
  return { reasons, text: reasonsText(reasons), make: step?.make.do ?? "" };
}

/** An asset over an input, with the code version held still, so that only what a test changes is seen. */
function reading(name: string, input: Asset<string, typeof idOnly>): RigProject {
  const copy = asset.run("copy", {
    inputs: { [name]: input },
    columns: idOnly,
    async *run({ inputs }) {
      for await (const batch of inputs[name]?.batches() ?? []) yield* batch;
    },
  });
  return { ...project(input, copy), code: { copy: "1" } };
}

describe("a reason", () => {
  it("for an asset that was never made is that", async () => {
    const rig = await openRunRig(duckdb, project(numbers("one", 1)));
    expect(planned(await rig.plan())).toEqual({ one: "run never-made" });
  });

  it("for an input of another name names both names", async () => {
    const one = numbers("one", 1);
    expect(await reasonsAfter(reading("one", one), reading("first", one), "copy")).toEqual({
      make: "run",
      reasons: [
        { because: "input-added", input: "first", asset: "one" },
        { because: "input-removed", input: "one" },
      ],
      text: "input first added, input one removed",
    });
  });

  it("is none for an input that is another asset with equal rows", async () => {
    const [one, same] = [numbers("one", 1, 2), numbers("same", 2, 1)];
    const before = reading("input", one);
    const after = reading("input", same);
    const both = (declared: RigProject): RigProject => ({
      ...declared,
      project: defineProject({
        name: "reasons",
        assets: [...new Set([...declared.project.assets, one, same])],
      }),
    });
    expect(await reasonsAfter(both(before), both(after), "copy")).toEqual({
      make: "fresh",
      reasons: [],
      text: "",
    });
  });

  it("for an input with other rows names the asset", async () => {
    const [one, other] = [numbers("one", 1), numbers("other", 2)];
    const both = (declared: RigProject): RigProject => ({
      ...declared,
      project: defineProject({
        name: "reasons",
        assets: [...new Set([...declared.project.assets, one, other])],
      }),
    });
    expect(
      await reasonsAfter(both(reading("input", one)), both(reading("input", other)), "copy"),
    ).toMatchObject({
      make: "run",
      reasons: [{ because: "input-changed", input: "input", asset: "other" }],
      text: "other has other rows",
    });
  });

  it("for an input that is made in the same run is a may, unless the input is new", async () => {
    const one = numbers("one", 1);
    const made = numbers("made", 2);
    const withBoth = (): RigProject => {
      const copy = asset.run("copy", {
        inputs: { one, made },
        columns: idOnly,
        async *run({ inputs }) {
          for await (const batch of inputs.one.batches()) yield* batch;
        },
      });
      return { ...project(one, made, copy), code: { copy: "1" } };
    };
    expect(await reasonsAfter(reading("one", one), withBoth(), "copy")).toEqual({
      make: "run",
      reasons: [
        { because: "input-added", input: "made", asset: "made" },
        { because: "input-may-change", input: "made", asset: "made" },
      ],
      text: "input made added",
    });
  });

  it("for config that is changed, added or removed gives both values", async () => {
    const configured = (config: { readonly least: number } | null): RigProject => {
      const one = asset.run("one", {
        inputs: {},
        columns: idOnly,
        config,
        async *run() {
          yield { id: 1 };
        },
      });
      return { ...project(one), code: { one: "1" } };
    };
    expect(await reasonsAfter(configured({ least: 1 }), configured({ least: 2 }), "one")).toMatchObject({
      reasons: [{ because: "config-changed", from: '{"least":1}', to: '{"least":2}' }],
    });
    expect(await reasonsAfter(configured({ least: 1 }), configured(null), "one")).toMatchObject({
      reasons: [{ because: "config-changed", from: '{"least":1}', to: "none" }],
    });
    expect(await reasonsAfter(configured(null), configured({ least: 1 }), "one")).toMatchObject({
      reasons: [{ because: "config-changed", from: "none", to: '{"least":1}' }],
    });
  });

  it("for long config is that it changed, without the values", async () => {
    const configured = (text: string): RigProject => {
      const one = asset.run("one", {
        inputs: {},
        columns: idOnly,
        config: { text: text.repeat(300) },
        async *run() {
          yield { id: 1 };
        },
      });
      return { ...project(one), code: { one: "1" } };
    };
    const { reasons } = await reasonsAfter(configured("a"), configured("b"), "one");
    expect(reasons).toEqual([
      {
        because: "config-changed",
        from: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        to: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
    ]);
  });

  it.each<[string, Columns, Columns, readonly string[]]>([
    ["added", { a: integer() }, { a: integer(), b: string() }, ["+ b string"]],
    ["removed", { a: integer(), b: string() }, { b: string() }, ["- a integer"]],
    ["reordered", { a: integer(), b: string() }, { b: string(), a: integer() }, ["order of columns"]],
    ["of another type", { a: decimal(10, 2) }, { a: decimal(18, 2) }, ["a decimal(10,2) → decimal(18,2)"]],
    ["nullable", { a: double() }, { a: double().nullable() }, ["a double → double null"]],
    ["renamed", { a: integer() }, { z: integer() }, ["+ z integer", "- a integer"]],
    ["of another length", { a: string({ length: 2 }) }, { a: string() }, ["a string(2) → string"]],
  ])("for a column that is %s says which", async (_what, before, after, changes) => {
    const empty = (columns: Columns): RigProject => {
      const one = asset.run("one", { inputs: {}, columns, async *run() {} });
      return { ...project(one), code: { one: "1" } };
    };
    expect(await reasonsAfter(empty(before), empty(after), "one")).toMatchObject({
      make: "run",
      reasons: [{ because: "schema-changed", changes }],
    });
  });

  it("is none for a column's description, a key, or the values it may have: these only concern checks", async () => {
    const declared = (described: boolean): RigProject => {
      const state = string();
      const columns = { id: integer(), state: described ? state.oneOf(["x"]).describe("A state.") : state };
      const one = asset.run("one", {
        inputs: {},
        columns,
        ...(described && { primaryKey: ["id"] as const }),
        async *run() {
          yield { id: 1, state: "x" as const };
        },
      });
      return { ...project(one), code: { one: "1" } };
    };
    const rig = await openRunRig(duckdb, declared(false));
    await rig.materialize();
    rig.declare(declared(true));
    const plan = await rig.plan();
    expect(planned(plan)).toEqual({ one: "fresh" });
    expect(plannedChecks(plan)).toEqual({
      "one accepted(state)": "run check-added",
      "one unique(id)": "run check-added",
    });
    await rig.materialize();
    expect(plannedChecks(await rig.plan())).toEqual({});
  });

  it("for an engine of another minor version is that, of SQL but not of functions", async () => {
    const one = numbers("one", 1);
    const two = asset.sql("two", {
      inputs: { one },
      columns: idOnly,
      sql: ({ one }) => sql`select id from ${one}`,
    });
    const rig = await openRunRig(duckdb, project(one, two));
    await rig.materialize();
    const environment = await rig.environment();
    const other = await openRunRig({ ...duckdb, version: "9.9" }, project(one, two));
    const plan = await other.planOver(environment);
    expect(planned(plan)).toEqual({ one: "fresh", two: "run engine-changed" });
    expect(reasonsText(plan.steps[1]?.reasons ?? [])).toBe(
      `engine changed: duckdb ${duckdb.version} → duckdb 9.9`,
    );
  });

  it("for several changes are all of them, in a fixed order", async () => {
    const one = numbers("one", 1);
    const declared = (code: string, factor: number): RigProject => {
      const two = asset.run("two", {
        inputs: code === "1" ? { one } : {},
        columns: code === "1" ? idOnly : { id: integer().nullable() },
        config: { factor },
        async *run() {},
      });
      return { ...project(one, two), code: { two: code } };
    };
    const { reasons } = await reasonsAfter(declared("1", 1), declared("2", 2), "two");
    expect(reasons.map(({ because }) => because)).toEqual([
      "code-changed",
      "config-changed",
      "input-removed",
      "schema-changed",
    ]);
  });
});
