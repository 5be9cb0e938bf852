import { describe, expect, it, vi } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { Failure } from "../../framework/definition/failure.ts";
import { openGeneratedTables } from "../../framework/engines/generated/open-generated-tables.ts";
import { asset, defineProject, generatedTables, integer, source, sql, table } from "../../framework/index.ts";
import { controlledShop, customerRows, orderRows, ordersForeignKey, weakly } from "../rig/controlled-shop.ts";
import { controlledSource, unreachable } from "../rig/controlled-source.ts";
import { openRunRig, type RigRun, sharedDuckdb } from "../rig/run-rig.ts";
import { checked, ended, outcome, planned, stepFailure } from "../rig/told.ts";

const duckdb = sharedDuckdb();

function entry(run: Pick<RigRun, "environment">, key: string) {
  return run.environment?.assets[key as AssetKey];
}

function started({ events }: Pick<RigRun, "events">): readonly string[] {
  return events.flatMap((event) =>
    event.type === "step.started" ? [`${event.asset} ${event.attempt}`] : [],
  );
}

describe("copies of one source", () => {
  it("are read in one snapshot, which is closed, and share its moment", async () => {
    const shop = controlledShop({ customers: customerRows(1, 2), orders: orderRows(1, 1, 2) });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ concurrency: 1 });
    expect(outcome(run)).toBe("done, published buyers customers orders");
    expect(shop.shop.calls).toEqual(["open 1", "read customers 1", "read orders 1", "close 1"]);
    expect(entry(run, "orders")?.snapshot).toBe(entry(run, "customers")?.snapshot);
    expect(entry(run, "orders")?.source).toMatchObject({ strength: "strong", scope: "", synthetic: false });
    expect(await rig.rows("buyers")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("of generated tables are made by DuckDB from their queries", async () => {
    const numbers = table("numbers", { columns: { id: integer() }, primaryKey: ["id"] });
    const engine = openGeneratedTables(
      generatedTables("sample", async () => ({
        setup: ["create table seed as select 40 as start"],
        tables: { numbers: "select (start + i)::integer as id from seed, range(3) t(i)" },
      })),
    );
    const copy = asset.from("numbers", source("sample").table(numbers));
    const rig = await openRunRig(duckdb, {
      project: defineProject({ name: "sample", assets: [copy] }),
      sources: { sample: engine },
    });
    expect(outcome(await rig.materialize())).toBe("done, published numbers");
    expect(await rig.rows("numbers")).toEqual([{ id: 40 }, { id: 41 }, { id: 42 }]);
  });

  it("that changed after the plan are filed under the token of what was read", async () => {
    const shop = controlledShop({ customers: customerRows(1, 2), orders: orderRows(1) });
    const rig = await openRunRig(duckdb, shop);
    const plan = await rig.planAndEnvironment();
    shop.shop.set("orders", orderRows(2, 2));
    const run = await rig.materialize({ plan });
    expect(await rig.rows("buyers")).toEqual([{ id: 2 }]);
    const planToken = plan.plan.steps.find(({ asset }) => asset === "orders")?.source;
    expect(entry(run, "orders")?.source).not.toEqual(planToken);
    expect(planned(await rig.plan())).toEqual({ buyers: "fresh", customers: "fresh", orders: "fresh" });

    // The version is not found under the token that was only observed.
    shop.shop.set("orders", orderRows(1));
    expect(planned(await rig.plan())).toMatchObject({ orders: "run source-changed" });
  });

  it("that were planned fresh are read too if they are others by then", async () => {
    const shop = controlledShop({ customers: customerRows(1, 2), orders: orderRows(1) });
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    shop.shop.set("customers", customerRows(1, 2, 3));
    const plan = await rig.planAndEnvironment();
    expect(planned(plan.plan)).toMatchObject({ customers: "run source-changed", orders: "fresh" });
    shop.shop.set("orders", orderRows(3));
    const run = await rig.materialize({ plan });
    expect(ended(run)).toEqual({ buyers: "made", customers: "made", orders: "made" });
    expect(await rig.rows("buyers")).toEqual([{ id: 3 }]);
  });

  it("that turn out to be others are followed by what is made from them, though it was planned fresh", async () => {
    const shop = controlledSource({ left: customerRows(1), right: customerRows(2) });
    const from = source("shop");
    const columns = { id: integer() };
    const left = asset.from("left", from.table(table("left", { columns })));
    const right = asset.from("right", from.table(table("right", { columns })));
    const next = asset.sql("next", {
      inputs: { right },
      columns,
      sql: ({ right }) => sql`select ${right.id} + 1 as id from ${right}`,
    });
    const rig = await openRunRig(duckdb, {
      project: defineProject({ name: "two", assets: [left, right, next] }),
      sources: { shop },
    });
    await rig.materialize();
    shop.set("left", customerRows(5));
    const plan = await rig.planAndEnvironment();
    expect(planned(plan.plan)).toEqual({ left: "run source-changed", next: "fresh", right: "fresh" });
    shop.set("right", customerRows(6));
    const run = await rig.materialize({ plan });
    expect(ended(run)).toEqual({ left: "made", next: "made", right: "made" });
    expect(await rig.rows("next")).toEqual([{ id: 7 }]);
  });

  it("that were planned to be read are left alone if they are again what they were", async () => {
    const shop = controlledShop({ customers: customerRows(1, 2), orders: orderRows(1) });
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    shop.shop.set("orders", orderRows(2));
    const plan = await rig.planAndEnvironment();
    shop.shop.set("orders", orderRows(1));
    const run = await rig.materialize({ plan });
    expect(ended(run)).toEqual({ buyers: "skipped: inputs-equal", orders: "skipped: inputs-equal" });
    expect(outcome(run)).toBe("done, published nothing");
  });

  it("with a weak token are fresh while it stands", async () => {
    const shop = controlledShop({
      customers: weakly(customerRows(1), "at 10"),
      orders: weakly(orderRows(1), "at 10"),
    });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize();
    expect(entry(run, "orders")?.source).toEqual({
      strength: "weak",
      value: "at 10",
      scope: "server",
      synthetic: false,
    });
    shop.shop.set("orders", weakly(orderRows(1, 1), "at 10"));
    expect(planned(await rig.plan())).toEqual({ buyers: "fresh", customers: "fresh", orders: "fresh" });
    shop.shop.set("orders", weakly(orderRows(1, 1), "at 11"));
    expect(planned(await rig.plan())).toMatchObject({ customers: "fresh", orders: "run source-changed" });
  });

  it("of a real source may be of another source's making: only its own sample is kept from it", async () => {
    const numbers = table("numbers", { columns: { id: integer() } });
    const real = controlledSource({ numbers: customerRows(1) });
    const sample = controlledSource({ numbers: customerRows(7) }, { synthetic: true });
    const assets = [
      asset.from("real", source("real").table(numbers)),
      asset.from("made_up", source("sample").table(numbers)),
    ];
    const project = defineProject({ name: "two", assets });
    const rig = await openRunRig(duckdb, { project, sources: { real, sample } });
    expect(outcome(await rig.materialize())).toBe("done, published made_up real");
    expect(planned(await rig.plan())).toEqual({ made_up: "fresh", real: "fresh" });
    rig.declare({ project, sources: { real: sample, sample } });
    expect(await rig.tryPlan()).toMatchObject({
      ok: false,
      error: { reason: "sample-over-real", assets: ["real"], hint: expect.stringContaining("--env sample") },
    });
  });
});

describe("what a source says of itself", () => {
  it("is told once, however often it is opened", async () => {
    const numbers = table("numbers", { columns: { id: integer() } });
    const shop = controlledSource(
      { numbers: customerRows(1) },
      { warnings: ["numbers.csv has a column note that is not declared"] },
    );
    shop.control({ onRead: (_, snapshot) => (snapshot === 1 ? unreachable("numbers") : undefined) });
    const copy = asset.from("numbers", source("shop").table(numbers), { retry: { times: 1, wait: "1ms" } });
    const rig = await openRunRig(duckdb, {
      project: defineProject({ name: "said", assets: [copy] }),
      sources: { shop },
    });
    const run = await rig.materialize();
    expect(outcome(run)).toBe("done, published numbers");
    expect(run.events.flatMap((event) => (event.type === "step.logged" ? [event.message] : []))).toEqual([
      "numbers.csv has a column note that is not declared",
    ]);
  });
});

describe("a failure that may pass", () => {
  it("in one table gives up the snapshot, and all are of the next one's moment", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) }, { retries: 2 });
    shop.shop.control({
      onRead: (table, snapshot) => {
        if (table !== "orders" || snapshot !== 1) return undefined;
        shop.shop.set("customers", customerRows(1, 2));
        shop.shop.set("orders", orderRows(1, 2));
        return unreachable("orders");
      },
    });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ concurrency: 1 });
    expect(outcome(run)).toBe("done, published buyers customers orders");
    expect(started(run)).toEqual(["customers 1", "orders 1", "customers 2", "orders 2", "buyers 1"]);
    expect(entry(run, "orders")?.snapshot).toBe(entry(run, "customers")?.snapshot);
    expect(await rig.rows("customers")).toEqual([{ id: 1 }, { id: 2 }]);
    expect(checked(run)).toEqual({ [ordersForeignKey]: "passed" });
    expect(shop.shop.calls).toEqual([
      ...["open 1", "read customers 1", "read orders 1", "close 1"],
      ...["open 2", "read customers 2", "read orders 2", "close 2"],
    ]);
  });

  it("lets stand what was read under a strong token, and tells of it once", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(9) }, { retries: 1 });
    shop.shop.control({
      onRead: (table, snapshot) => (table === "orders" && snapshot === 1 ? unreachable("orders") : undefined),
    });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ concurrency: 1 });
    expect(started(run)).toEqual(["customers 1", "orders 1", "orders 2", "buyers 1"]);
    // It was read in the first snapshot, and is known to be of the second one: so the foreign key blocks.
    expect(ended(run)).toEqual({
      buyers: "made",
      customers: "made",
      orders: "made, then failed: check-failed",
    });
    expect(run.events.filter(({ type }) => type === "step.retried")).toMatchObject([
      { asset: "orders", attempt: 1, failure: unreachable("orders") },
    ]);
  });

  it("reads again what only a weak token speaks for, since the rows may be others", async () => {
    const shop = controlledShop(
      { customers: weakly(customerRows(1), "at 10"), orders: weakly(orderRows(1), "at 10") },
      { retries: 1 },
    );
    shop.shop.control({
      onRead: (table, snapshot) => {
        if (table !== "orders" || snapshot !== 1) return undefined;
        shop.shop.set("customers", weakly(customerRows(1, 2), "at 10"));
        shop.shop.set("orders", weakly(orderRows(1, 2), "at 10"));
        return unreachable("orders");
      },
    });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ concurrency: 1 });
    expect(started(run)).toEqual(["customers 1", "orders 1", "customers 2", "orders 2", "buyers 1"]);
    expect(outcome(run)).toBe("done, published buyers customers orders");
    expect(await rig.rows("customers")).toEqual([{ id: 1 }, { id: 2 }]);
    expect(entry(run, "orders")?.snapshot).toBe(entry(run, "customers")?.snapshot);
  });

  it("that does not pass fails its table after the last try, and no other", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) }, { retries: 1 });
    shop.shop.control({ onRead: (table) => (table === "orders" ? unreachable("orders") : undefined) });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ concurrency: 1 });
    expect(ended(run)).toEqual({
      buyers: "skipped: upstream-failed orders",
      customers: "made",
      orders: "failed: source-unreachable",
    });
    expect(run.environment).toBeUndefined();
    shop.shop.control({});
    expect(planned(await rig.plan())).toMatchObject({ customers: "reuse never-made" });
    expect(ended(await rig.materialize({ concurrency: 1 }))).toEqual({
      buyers: "made",
      customers: "reused",
      orders: "made",
    });
  });

  it("is not repeated where rows are wrong for good", async () => {
    const shop = controlledShop(
      { customers: customerRows(1), orders: { rows: [{ id: 1, customer: "one" }] } },
      { retries: 5 },
    );
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ concurrency: 1 });
    expect(shop.shop.calls.filter((call) => call.startsWith("open"))).toEqual(["open 1"]);
    expect(stepFailure(run, "orders")).toMatchObject({
      reason: "row-invalid",
      message: 'Row 1 of orders: customer is "one", not a whole number of 32 bits.',
    });
  });

  it("of opening the source is tried again too", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) }, { retries: 1 });
    shop.shop.control({ onOpen: (number) => (number === 1 ? unreachable("") : undefined) });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ concurrency: 1 });
    expect(outcome(run)).toBe("done, published buyers customers orders");
    expect(shop.shop.calls).toEqual([
      "open 1",
      ...["open 2", "read customers 2", "read orders 2", "close 2"],
    ]);
    expect(
      run.events.flatMap((event) =>
        event.type === "step.retried" ? [`${event.asset} ${event.attempt}`] : [],
      ),
    ).toEqual(["customers 1", "orders 1"]);
  });
});

describe("a source that cannot be opened", () => {
  it("leaves fresh what is fresh, fails what should be read, and nothing is published", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) });
    const rig = await openRunRig(duckdb, shop);
    const first = await rig.materialize({ concurrency: 1 });
    shop.shop.set("orders", orderRows(1, 1));
    shop.shop.control({ onOpen: () => unreachable("orders") });
    const run = await rig.materialize({ concurrency: 1 });
    expect(ended(run)).toEqual({
      buyers: "skipped: upstream-failed orders",
      orders: "failed: source-unreachable",
    });
    expect(run.result.settlements.get("customers" as AssetKey)).toMatchObject({
      state: "ready",
      changed: false,
    });
    expect(outcome(run)).toBe("failed, published nothing");
    expect(run.environment).toEqual(first.environment);
  });

  it("because there is no resource for it says so of every table", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) });
    const rig = await openRunRig(duckdb, shop);
    const plan = await rig.planAndEnvironment();
    rig.declare({ project: shop.project });
    const run = await rig.materialize({ plan });
    expect(ended(run)).toMatchObject({
      customers: "failed: resource-missing",
      orders: "failed: resource-missing",
    });
  });
});

describe("a table that takes too long", () => {
  const slow = table("slow", { columns: { id: integer() } });
  const quick = table("quick", { columns: { id: integer() } });

  function project() {
    const shop = controlledSource({ slow: customerRows(1), quick: customerRows(2) });
    const from = source("shop");
    const assets = [
      asset.from("quick", from.table(quick)),
      asset.from("slow", from.table(slow), { timeout: "5s" }),
    ];
    return { shop, project: defineProject({ name: "slow", assets }), sources: { shop } };
  }

  it("fails alone: each table has its own time, whatever the others have", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { shop, ...declared } = project();
      let reading = (): void => {};
      const isRead = new Promise<void>((resolve) => {
        reading = resolve;
      });
      shop.control({
        onRead: async (table): Promise<Failure | undefined> => {
          if (table !== "slow") return undefined;
          reading();
          return await new Promise(() => {});
        },
      });
      const rig = await openRunRig(duckdb, declared);
      const running = rig.materialize();
      await isRead;
      await vi.advanceTimersByTimeAsync(5000);
      const run = await running;
      expect(ended(run)).toEqual({ quick: "made", slow: "failed: timed-out" });
      expect(shop.calls.at(-1)).toBe("close 1");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a snapshot that comes after the run has given it up", () => {
  it("is closed, and nothing is read from it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) });
      let opening = (): void => {};
      const isOpening = new Promise<void>((resolve) => {
        opening = resolve;
      });
      let open = (_failure: Failure | undefined): void => {};
      const opened = new Promise<Failure | undefined>((resolve) => {
        open = resolve;
      });
      shop.shop.control({
        onOpen: () => {
          opening();
          return opened;
        },
      });
      const rig = await openRunRig(duckdb, shop);
      const controller = new AbortController();
      const running = rig.materialize({ signal: controller.signal });
      await isOpening;
      controller.abort();
      await vi.advanceTimersByTimeAsync(2000);
      const run = await running;
      expect(run.result.outcome).toBe("interrupted");
      expect(ended(run)).toEqual({
        buyers: "skipped: upstream-failed customers orders",
        customers: "failed: cancelled",
        orders: "failed: cancelled",
      });
      open(undefined);
      await vi.waitFor(() => expect(shop.shop.calls).toEqual(["open 1", "close 1"]), { interval: 1 });
      expect(run.late).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});
