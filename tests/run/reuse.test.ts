import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { asset, defineProject, integer, sql } from "../../framework/index.ts";
import { findWork } from "../../framework/lake/work-index.ts";
import { controlledFunction } from "../rig/controlled-function.ts";
import { expectValue, openRunRig, type RigProject, sharedDuckdb } from "../rig/run-rig.ts";
import { ended, outcome, planned } from "../rig/told.ts";

const duckdb = sharedDuckdb();
const columns = { id: integer() };

/** numbers → even → doubled, and numbers → sum. */
function numbersProject(
  options: { readonly from?: readonly number[]; readonly remainder?: number } = {},
): RigProject {
  const { from = [1, 2, 3, 4], remainder = 0 } = options;
  const numbers = asset.run("numbers", {
    inputs: {},
    columns,
    config: { from },
    async *run({ config }) {
      for (const id of config.from) yield { id };
    },
  });
  const even = asset.sql("even", {
    inputs: { numbers },
    columns,
    primaryKey: ["id"],
    sql: ({ numbers }) => sql`select ${numbers.id} from ${numbers} where ${numbers.id} % 2 = ${remainder}`,
  });
  const doubled = asset.run("doubled", {
    inputs: { even },
    columns,
    async *run({ inputs }) {
      for await (const batch of inputs.even.batches()) for (const { id } of batch) yield { id: id * 2 };
    },
  });
  const sum = asset.sql("sum", {
    inputs: { numbers },
    columns,
    sql: ({ numbers }) => sql`select sum(${numbers.id}) as id from ${numbers}`,
  });
  return { project: defineProject({ name: "numbers", assets: [numbers, even, doubled, sum] }) };
}

/** One asset whose calls the test ends. */
function slowProject() {
  const one = controlledFunction();
  const project = defineProject({
    name: "slow",
    assets: [asset.run("one", { inputs: {}, columns, run: one.run })],
  });
  return { one, project };
}

async function recorded(
  rig: Awaited<ReturnType<typeof openRunRig>>,
  digest: string,
): Promise<string | undefined> {
  return expectValue(await findWork(rig.store, "one" as AssetKey, digest))?.record.version;
}

describe("what was made", () => {
  it("is not made again, and a second run has nothing to do", async () => {
    const rig = await openRunRig(duckdb, numbersProject());
    const first = await rig.materialize();
    expect(ended(first)).toEqual({ doubled: "made", even: "made", numbers: "made", sum: "made" });
    expect(planned(await rig.plan())).toEqual({
      doubled: "fresh",
      even: "fresh",
      numbers: "fresh",
      sum: "fresh",
    });
    const second = await rig.materialize();
    expect(second.events).toEqual([]);
    expect(outcome(second)).toBe("done, published nothing");
    expect(second.environment).toEqual(first.environment);
  });

  it("cuts off what follows where the rows turn out equal", async () => {
    const rig = await openRunRig(duckdb, numbersProject());
    await rig.materialize();
    rig.declare(numbersProject({ from: [4, 1, 2, 5] }));
    expect(planned(await rig.plan())).toEqual({
      doubled: "if-changed input-may-change",
      even: "if-changed input-may-change",
      numbers: "run config-changed",
      sum: "if-changed input-may-change",
    });
    const run = await rig.materialize();
    expect(ended(run)).toEqual({
      doubled: "skipped: inputs-equal",
      even: "made, same rows",
      numbers: "made",
      sum: "made",
    });
    expect(outcome(run)).toBe("done, published even numbers sum");
    expect(await rig.rows("sum")).toEqual([{ id: 12 }]);
  });

  it("keeps its parts where it is made again with the rows it had, in another order", async () => {
    const rig = await openRunRig(duckdb, numbersProject());
    await rig.materialize();
    const before = await rig.objects("data/numbers/");
    rig.declare(numbersProject({ from: [4, 3, 2, 1] }));
    const run = await rig.materialize();
    expect(ended(run)).toEqual({
      doubled: "skipped: inputs-equal",
      even: "skipped: inputs-equal",
      numbers: "made, same rows",
      sum: "skipped: inputs-equal",
    });
    expect(await rig.objects("data/numbers/")).toEqual(before);
    expect(await rig.objects("versions/numbers/")).toHaveLength(2);
  });

  it("is reused when the code goes back to what it was", async () => {
    const rig = await openRunRig(duckdb, numbersProject());
    const first = await rig.materialize();
    rig.declare(numbersProject({ remainder: 1 }));
    await rig.materialize();
    expect(await rig.rows("doubled")).toEqual([{ id: 2 }, { id: 6 }]);
    rig.declare(numbersProject());
    expect(planned(await rig.plan())).toEqual({
      doubled: "reuse input-changed",
      even: "reuse code-changed",
      numbers: "fresh",
      sum: "fresh",
    });
    const run = await rig.materialize();
    expect(ended(run)).toEqual({ doubled: "reused", even: "reused" });
    expect(versions(run.environment)).toEqual(versions(first.environment));
  });

  it("is reused in another environment", async () => {
    const rig = await openRunRig(duckdb, numbersProject());
    const first = await rig.materialize();
    const run = await rig.materialize({ environment: "pr-7" });
    expect(ended(run)).toEqual({ doubled: "reused", even: "reused", numbers: "reused", sum: "reused" });
    expect(versions(run.environment)).toEqual(versions(first.environment));
  });

  it("is made anew where the version that the index names is gone", async () => {
    const rig = await openRunRig(duckdb, numbersProject());
    await rig.materialize();
    for (const object of await rig.objects("data/sum/")) expectValue(await rig.store.delete(object));
    const run = await rig.materialize({ environment: "other" });
    expect(ended(run)).toEqual({ doubled: "reused", even: "reused", numbers: "reused", sum: "made" });
    expect(await rig.rows("sum", "other")).toEqual([{ id: 10 }]);
  });

  it("by another run meanwhile is adopted, and both runs publish the same", async () => {
    const { one, project } = slowProject();
    const rig = await openRunRig(duckdb, { project });
    const [a, b] = [rig.materialize(), rig.materialize()];
    const [first, second] = [await one.next(), await one.next()];
    first.give([{ id: 1 }]);
    const winner = await Promise.race([a, b]);
    second.give([{ id: 2 }]);
    const runs = await Promise.all([a, b]);
    expect(runs.map(ended)).toContainEqual({ one: "made" });
    expect(runs.map(ended)).toContainEqual({ one: "reused" });
    expect(runs.map(outcome)).toEqual(["done, published one", "done, published one"]);
    expect(await rig.environment()).toEqual(winner.environment);
    expect(await rig.rows("one")).toEqual([{ id: 1 }]);
  });
});

describe("--force", () => {
  it("makes again what is selected, and lets what follows decide by the rows", async () => {
    const rig = await openRunRig(duckdb, numbersProject());
    await rig.materialize();
    expect(planned(await rig.plan({ select: ["even"], force: true }))).toEqual({ even: "run forced" });
    const run = await rig.materialize({ select: ["even"], force: true });
    expect(ended(run)).toEqual({ even: "made, same rows" });
    expect(planned(await rig.plan())).toEqual({
      doubled: "fresh",
      even: "fresh",
      numbers: "fresh",
      sum: "fresh",
    });
  });

  it("records what it made in place of what was recorded", async () => {
    const { one, project } = slowProject();
    const rig = await openRunRig(duckdb, { project });
    const running = rig.materialize();
    (await one.next()).give([{ id: 1 }]);
    await running;
    const forced = rig.materialize({ force: true });
    (await one.next()).give([{ id: 2 }]);
    const run = await forced;
    expect(ended(run)).toEqual({ one: "made" });
    expect(await rig.rows("one")).toEqual([{ id: 2 }]);
    const entry = run.environment?.assets["one" as AssetKey];
    expect(await recorded(rig, entry?.fingerprint.digest ?? "")).toBe(entry?.version);
  });

  it("of two at once lets the later adopt what the earlier made", async () => {
    const { one, project } = slowProject();
    const rig = await openRunRig(duckdb, { project });
    const [a, b] = [rig.materialize({ force: true }), rig.materialize({ force: true })];
    const [first, second] = [await one.next(), await one.next()];
    second.give([{ id: 2 }]);
    const winner = await Promise.race([a, b]);
    expect(ended(winner)).toEqual({ one: "made" });
    first.give([{ id: 1 }]);
    const runs = await Promise.all([a, b]);
    expect(runs.map((run) => ended(run)["one"]).sort()).toEqual(["made", "reused"]);
    expect(runs.map(outcome)).toEqual(["done, published one", "done, published one"]);
    expect(await rig.rows("one")).toEqual([{ id: 2 }]);
  });

  it("mends a work record that is damaged, which is the remedy that is named for it", async () => {
    const { one, project } = slowProject();
    const rig = await openRunRig(duckdb, { project });
    const running = rig.materialize();
    (await one.next()).give([{ id: 1 }]);
    const digest = (await running).environment?.assets["one" as AssetKey]?.fingerprint.digest ?? "";
    const object = `work/one/${digest}.json`;
    const held = expectValue(await rig.store.readPointer(object));
    expectValue(await rig.store.swapPointer(object, new TextEncoder().encode("{"), held?.tag));
    expect(await rig.tryPlan({ environment: "other" })).toMatchObject({
      ok: false,
      error: { reason: "lake-corrupt", object, hint: expect.stringContaining("--force") },
    });
    const forced = rig.materialize({ force: true });
    (await one.next()).give([{ id: 1 }]);
    expect(outcome(await forced)).toBe("done, published one");
    expect(planned(await rig.plan({ environment: "other" }))).toEqual({ one: "reuse never-made" });
  });
});

function versions(
  environment: { readonly assets: Readonly<Record<string, { readonly version: string }>> } | undefined,
): object {
  return Object.fromEntries(
    Object.entries(environment?.assets ?? {}).map(([key, entry]) => [key, entry.version]),
  );
}
