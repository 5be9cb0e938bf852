import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { asset, defineProject, integer, sql } from "../../framework/index.ts";
import { findWork } from "../../framework/lake/work-index.ts";
import { buildPlan, type WantedWork, workName } from "../../framework/plan/build-plan.ts";
import type { PlanRequest } from "../../framework/plan/plan-request.ts";
import { controlledShop, customerRows, orderRows } from "../rig/controlled-shop.ts";
import { expectValue, openRunRig, type RunRig, sharedDuckdb } from "../rig/run-rig.ts";
import { planned } from "../rig/told.ts";

const duckdb = sharedDuckdb();
const columns = { id: integer() };

/** A chain of SQL assets: a → b → c …, each one more than the one before; `salts` are by asset. */
function chain(keys: readonly string[], salts: ReadonlyMap<string, number> = new Map()) {
  const assets = [];
  let before: ReturnType<typeof link> | undefined;
  for (const key of keys) {
    before = link(key, before, salts.get(key) ?? 1);
    assets.push(before);
  }
  return { project: defineProject({ name: "chain", assets }) };

  function link(key: string, input: ReturnType<typeof asset.sql> | undefined, salt: number) {
    if (input === undefined)
      return asset.sql(key, { inputs: {}, columns, sql: () => sql`select ${salt} as id` });
    return asset.sql(key, {
      inputs: { input },
      columns,
      sql: ({ input }) => sql`select id + ${salt} as id from ${input}`,
    });
  }
}

async function request(rig: RunRig, changes: Partial<PlanRequest> = {}): Promise<PlanRequest> {
  const graph = rig.graph();
  return {
    graph,
    selected: graph.order,
    selection: "",
    force: false,
    environmentName: "dev",
    environment: await rig.environment(),
    codeVersions: new Map([...graph.assets].map(([key, spec]) => [key, JSON.stringify(spec.making)])),
    engine: `duckdb ${duckdb.version}`,
    tokens: new Map(),
    recorded: new Map(),
    lake: "./lake",
    sources: {},
    now: "2026-01-02T03:04:05.000Z",
    ...changes,
  };
}

describe("a plan", () => {
  it("is the same for the same request, plain JSON, frozen, and leaves the request as it was", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) });
    const rig = await openRunRig(duckdb, shop);
    const first = await rig.plan();
    await rig.materialize();
    shop.shop.set("customers", customerRows(1, 2));
    for (const plan of [first, await rig.plan(), await rig.plan({ force: true })]) {
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      for (const part of [plan, plan.steps, plan.groups, plan.entries, ...plan.steps, ...plan.groups])
        expect(Object.isFrozen(part)).toBe(true);
    }

    rig.declare(chain(["a", "b"]));
    const asked = await request(rig, { environment: undefined });
    const copy = structuredClone({ ...asked, graph: undefined });
    const [one, two] = [buildPlan(asked), buildPlan(asked)];
    expect(one).toEqual(two);
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect({ ...asked, graph: undefined }).toEqual(copy);
  });

  it("where nothing is stale wants nothing of the lake", async () => {
    const rig = await openRunRig(duckdb, chain(["a", "b", "c"]));
    await rig.materialize();
    expect(buildPlan(await request(rig)).kind).toBe("plan");
  });

  it("asks for the work it must know of, asset after asset, and ends", async () => {
    const keys = ["a", "b", "c", "d", "e"];
    const rig = await openRunRig(duckdb, chain(keys));
    await rig.materialize();
    const recorded = new Map();
    const rounds: string[][] = [];
    for (;;) {
      const outcome = buildPlan(await request(rig, { environment: undefined, recorded }));
      if (outcome.kind !== "wanted") {
        expect(outcome.kind === "plan" && planned(outcome.plan)).toEqual({
          a: "reuse never-made",
          b: "reuse never-made",
          c: "reuse never-made",
          d: "reuse never-made",
          e: "reuse never-made",
        });
        break;
      }
      rounds.push(outcome.work.map(({ asset }) => asset));
      for (const work of outcome.work) recorded.set(workName(work), await lookUp(rig, work));
    }
    // Each is known by the rows of the one before it.
    expect(rounds).toEqual(keys.map((key) => [key]));
  });

  it("takes work that was looked up and not found for work to be done", async () => {
    const rig = await openRunRig(duckdb, chain(["a", "b"]));
    const asked = await request(rig);
    const wanted = buildPlan(asked);
    const work: readonly WantedWork[] = wanted.kind === "wanted" ? wanted.work : [];
    expect(work.map(({ asset }) => asset)).toEqual(["a"]);
    const plan = buildPlan({ ...asked, recorded: new Map(work.map((of) => [workName(of), null])) });
    expect(plan.kind === "plan" && planned(plan.plan)).toEqual({
      a: "run never-made",
      b: "run never-made input-may-change",
    });
  });

  it("looks nothing up for what is forced", async () => {
    const rig = await openRunRig(duckdb, chain(["a", "b"]));
    await rig.materialize();
    const plan = buildPlan(await request(rig, { force: true }));
    expect(plan.kind === "plan" && planned(plan.plan)).toEqual({ a: "run forced", b: "run forced" });
  });

  it("is refused where an input was never made and is not selected, with what to select", async () => {
    const rig = await openRunRig(duckdb, chain(["a", "b", "c"]));
    expect(await rig.tryPlan({ select: ["c"] })).toEqual({
      ok: false,
      error: {
        reason: "selection-invalid",
        message: "c cannot be made: b was never made and is not selected",
        hint: "select what it is made from too: --select +c",
      },
    });
  });

  it("of a selection with a gap goes by what is published in the gap", async () => {
    const rig = await openRunRig(duckdb, chain(["a", "b", "c"]));
    await rig.materialize();
    rig.declare(chain(["a", "b", "c"], new Map([["a", 5]])));
    expect(planned(await rig.plan({ select: ["a", "c"] }))).toEqual({ a: "run code-changed", c: "fresh" });
  });

  it("knows assets that are called like what every object has", async () => {
    const odd = ["constructor", "has_own_property", "to_string", "value_of"];
    const rig = await openRunRig(duckdb, chain(odd));
    expect(Object.values(planned(await rig.plan()))).toEqual([
      "run never-made",
      "run never-made input-may-change",
      "run never-made input-may-change",
      "run never-made input-may-change",
    ]);
    const run = await rig.materialize();
    expect(run.result.published).toEqual(odd);
    expect(planned(await rig.plan())).toEqual(Object.fromEntries(odd.map((key) => [key, "fresh"])));

    const other = await openRunRig(duckdb, chain(["constructor"]));
    await other.materialize({ environment: "first" });
    expect(await other.tryPlan({ environment: "second" })).toMatchObject({
      ok: true,
      value: { steps: [{ asset: "constructor", make: { do: "reuse" } }] },
    });
  });

  it("says what the environment held of all that is made, read and referred to", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) });
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize({ select: ["customers"] });
    const plan = await rig.plan({ select: ["orders"] });
    const { version, dataVersion } = (await rig.environment())?.assets["customers" as AssetKey] ?? {};
    expect(plan.entries).toEqual({ customers: { version, dataVersion }, orders: null });
  });

  it("has time and rows from history", async () => {
    const rig = await openRunRig(duckdb, chain(["a"]));
    expect((await rig.plan()).steps[0]?.expected).toBeNull();
    await rig.materialize();
    expect((await rig.plan()).steps[0]?.expected).toEqual({ rows: 1, durationMs: expect.any(Number) });
  });
});

describe("step groups", () => {
  const tables = { customers: customerRows(1), orders: orderRows(1) };

  it("join all selected copies of a source as soon as one is not fresh", async () => {
    const shop = controlledShop(tables);
    const rig = await openRunRig(duckdb, shop);
    const joined = [
      { id: "buyers", mode: "single", source: null, assets: ["buyers"] },
      { id: "source:shop", mode: "atomic", source: "shop", assets: ["customers", "orders"] },
    ];
    expect((await rig.plan()).groups).toEqual(joined);
    await rig.materialize();
    expect((await rig.plan()).groups).toEqual([
      { id: "buyers", mode: "single", source: null, assets: ["buyers"] },
      { id: "customers", mode: "single", source: "shop", assets: ["customers"] },
      { id: "orders", mode: "single", source: "shop", assets: ["orders"] },
    ]);
    shop.shop.set("orders", orderRows(1, 1));
    expect((await rig.plan()).groups).toEqual(joined);
    expect((await rig.plan({ select: ["orders"] })).groups).toEqual([
      { id: "source:shop", mode: "atomic", source: "shop", assets: ["orders"] },
    ]);
  });

  it("join them too where only a foreign key between them is due, and for no other check", async () => {
    const shop = controlledShop(tables, { withForeignKey: false });
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    rig.declare(controlledShop(tables, { shop: shop.shop }));
    expect((await rig.plan()).groups.map(({ id }) => id)).toEqual(["buyers", "source:shop"]);
  });
});

async function lookUp(rig: RunRig, { asset, fingerprint }: WantedWork) {
  return expectValue(await findWork(rig.store, asset, fingerprint))?.record ?? null;
}
