import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { asset, defineProject, integer, sql } from "../../framework/index.ts";
import { publish } from "../../framework/lake/publish.ts";
import { controlledStore } from "../lake/controlled-store.ts";
import { controlledFunction } from "../rig/controlled-function.ts";
import {
  expectValue,
  openRunRig,
  type RigProject,
  type RigRun,
  type RunRig,
  sharedDuckdb,
} from "../rig/run-rig.ts";
import { ended, outcome, planned } from "../rig/told.ts";

const duckdb = sharedDuckdb();
const columns = { id: integer() };

/** numbers → slow, the calls of which the test ends; and other, alone. */
function slowProject(from: readonly number[], slow = controlledFunction(), other = 1) {
  const numbers = asset.run("numbers", {
    inputs: {},
    columns,
    config: { from },
    async *run({ config }) {
      for (const id of config.from) yield { id };
    },
  });
  const slowly = asset.run("slow", { inputs: { numbers }, columns, run: slow.run });
  const alone = asset.sql("other", {
    inputs: {},
    columns,
    sql: () => sql`select ${other} as id`,
  });
  const project: RigProject = { project: defineProject({ name: "slow", assets: [numbers, slowly, alone] }) };
  return { slow, project };
}

/** A project whose first run is published: numbers 1, slow 10, other 1. */
async function published(): Promise<{ readonly rig: RunRig; readonly first: RigRun }> {
  const { project, slow } = slowProject([1]);
  const rig = await openRunRig(duckdb, project);
  const running = rig.materialize();
  (await slow.next()).give([{ id: 10 }]);
  return { rig, first: await running };
}

function version(run: Pick<RigRun, "environment">, key: string): string | undefined {
  return run.environment?.assets[key as AssetKey]?.version;
}

describe("a publish", () => {
  it("moves all assets of a run at once, and keeps what they were", async () => {
    const { rig, first } = await published();
    const { project, slow } = slowProject([2]);
    rig.declare(project);
    const running = rig.materialize();
    (await slow.next()).give([{ id: 20 }]);
    const run = await running;
    expect(run.events.filter(({ type }) => type === "run.published")).toMatchObject([
      { environment: "dev", assets: ["numbers", "slow"] },
    ]);
    expect(run.environment?.states.map(({ run, replaced }) => [run, Object.keys(replaced)])).toEqual([
      [run.run, ["numbers", "slow"]],
      [first.run, ["numbers", "other", "slow"]],
    ]);
    expect(run.environment?.states[0]?.replaced["slow" as AssetKey]).toEqual(
      first.environment?.assets["slow" as AssetKey],
    );
  });

  it("fails where another run has moved an asset of it since the plan, and the next run reuses what was made", async () => {
    const { rig } = await published();
    const { project, slow } = slowProject([2]);
    rig.declare(project);
    const running = rig.materialize();
    const call = await slow.next();

    // Meanwhile somebody publishes other numbers, from other code.
    rig.declare(slowProject([3]).project);
    const other = await rig.materialize({ select: ["numbers"] });
    expect(outcome(other)).toBe("done, published numbers");

    call.give([{ id: 20 }]);
    const run = await running;
    expect(ended(run)).toEqual({ numbers: "made", slow: "made" });
    expect(run.result).toMatchObject({
      outcome: "failed",
      published: [],
      failure: {
        reason: "publish-conflict",
        assets: ["numbers"],
        message: "numbers moved in environment dev since this run was planned",
        hint: expect.stringContaining("run again"),
      },
    });
    expect(run.environment).toEqual(other.environment);

    rig.declare(project);
    const again = await rig.materialize();
    expect(ended(again)).toEqual({ numbers: "reused", slow: "reused" });
    expect(outcome(again)).toBe("done, published numbers slow");
    expect(await rig.rows("slow")).toEqual([{ id: 20 }]);
  });

  it("goes on where another run has moved other assets, and keeps what that one published", async () => {
    const { rig } = await published();
    const { project, slow } = slowProject([2]);
    rig.declare(project);
    const running = rig.materialize({ select: ["numbers", "slow"] });
    const call = await slow.next();
    rig.declare(slowProject([2], slow, 7).project);
    const other = await rig.materialize({ select: ["other"] });
    call.give([{ id: 20 }]);
    const run = await running;
    expect(outcome(run)).toBe("done, published numbers slow");
    expect(version(run, "other")).toBe(version(other, "other"));
    expect(await rig.rows("other")).toEqual([{ id: 7 }]);
  });

  it("goes on where an asset that was only read has moved, and the next plan knows", async () => {
    const { rig } = await published();
    const { project, slow } = slowProject([1]);
    rig.declare({ ...project, code: { slow: "edited" } });
    const running = rig.materialize({ select: ["slow"] });
    const call = await slow.next();
    rig.declare(slowProject([3]).project);
    await rig.materialize({ select: ["numbers"] });
    call.give([{ id: 11 }]);
    const run = await running;
    expect(outcome(run)).toBe("done, published slow");
    rig.declare({ ...slowProject([3]).project, code: { slow: "edited" } });
    expect(planned(await rig.plan())).toEqual({
      numbers: "fresh",
      other: "fresh",
      slow: "run input-changed",
    });
  });

  it("is done where an equal run was first", async () => {
    const { rig } = await published();
    rig.declare(slowProject([1], controlledFunction(), 8).project);
    const plan = await rig.planAndEnvironment();
    const first = await rig.materialize({ plan });
    const second = await rig.materialize({ plan });
    expect([outcome(first), outcome(second)]).toEqual(["done, published other", "done, published other"]);
    expect([ended(first), ended(second)]).toEqual([{ other: "made" }, { other: "reused" }]);
    expect(second.environment).toEqual(first.environment);
  });

  it("is done where it was applied, though the store answered that it was not", async () => {
    const { rig } = await published();
    rig.declare(slowProject([1], controlledFunction(), 9).project);
    const store = controlledStore(rig.store, ({ method, key }) =>
      method === "swapPointer" && key.startsWith("environments/") ? "ambiguous" : undefined,
    );
    const run = await rig.materialize({ store });
    expect(outcome(run)).toBe("done, published other");
    expect(await rig.rows("other")).toEqual([{ id: 9 }]);
    expect(run.environment?.states).toHaveLength(2);
  });

  it("does not come to pass where the new version is gone from the lake by then", async () => {
    const { rig, first } = await published();
    rig.declare(slowProject([1], controlledFunction(), 9).project);
    const store = controlledStore(rig.store, async ({ method, key }) => {
      if (method !== "readPointer" || !key.startsWith("environments/")) return undefined;
      for (const object of await rig.objects("versions/other/")) {
        if (!object.includes(version(first, "other") ?? "")) expectValue(await rig.store.delete(object));
      }
      return undefined;
    });
    const run = await rig.materialize({ store });
    expect(run.result).toMatchObject({
      outcome: "failed",
      failure: { reason: "publish-conflict", assets: ["other"] },
    });
    expect(run.environment).toEqual(first.environment);
    expect(outcome(await rig.materialize())).toBe("done, published other");
  });

  it("keeps pending swaps and all else that is not its own", async () => {
    const { rig } = await published();
    const held = expectValue(await rig.store.readPointer("environments/dev.json"));
    const text = new TextDecoder().decode(held?.bytes);
    const pending = '"pending":[{"server":"wh","generation":"g2","clone":"c2"}],"counter":7';
    const changed = text.replace('"pending":[],"counter":0', pending);
    expect(changed).not.toBe(text);
    expectValue(
      await rig.store.swapPointer("environments/dev.json", new TextEncoder().encode(changed), held?.tag),
    );
    rig.declare(slowProject([1], controlledFunction(), 9).project);
    const run = await rig.materialize();
    expect(run.environment).toMatchObject({
      pending: [{ server: "wh", generation: "g2", clone: "c2" }],
      counter: 7,
    });
  });

  it("of an asset that another has taken away meanwhile is a conflict", async () => {
    const { rig, first } = await published();
    rig.declare(slowProject([1], controlledFunction(), 9).project);
    const plan = await rig.planAndEnvironment();
    const gone = await publish(rig.store, {
      environment: "dev",
      run: first.run,
      at: new Date().toISOString(),
      entries: { ["other" as AssetKey]: null },
      expected: { ["other" as AssetKey]: version(first, "other") ?? null },
      read: {},
    });
    expectValue(gone);
    const run = await rig.materialize({ plan });
    expect(run.result.failure).toMatchObject({ reason: "publish-conflict", assets: ["other"] });
  });
});

describe("what was done", () => {
  it("is on record before it is published; where that cannot be, nothing is", async () => {
    const { rig, first } = await published();
    rig.declare(slowProject([1], controlledFunction(), 9).project);
    const run = await rig.materialize({
      flush: async () => ({
        ok: false,
        error: { reason: "lake-unusable", object: "runs/", message: "no room for events" },
      }),
    });
    expect(run.result).toMatchObject({ outcome: "failed", failure: { message: "no room for events" } });
    expect(run.environment).toEqual(first.environment);
  });
});
