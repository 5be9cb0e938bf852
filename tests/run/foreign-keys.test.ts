import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { type Asset, asset, defineProject, foreignKeys, integer } from "../../framework/index.ts";
import { controlledShop, customerRows, orderRows, ordersForeignKey, weakly } from "../rig/controlled-shop.ts";
import { unreachable } from "../rig/controlled-source.ts";
import { openRunRig, type RigProject, type RigRun, sharedDuckdb } from "../rig/run-rig.ts";
import { checked, ended, outcome, planned, plannedChecks, stepFailure } from "../rig/told.ts";

const duckdb = sharedDuckdb();
const fresh = { buyers: "fresh", customers: "fresh", orders: "fresh" };

/** What the environment holds of a check. */
function record(run: Pick<RigRun, "environment">, key: string, id: string): object | undefined {
  return run.environment?.assets[key as AssetKey]?.checks.find((check) => check.id === id);
}

const id = "foreign_key(customer→customers)";

describe("a foreign key between copies of one moment", () => {
  it("passes where every row has its parent, and nulls need none", async () => {
    const rig = await openRunRig(
      duckdb,
      controlledShop({ customers: customerRows(1), orders: orderRows(1, null) }),
    );
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "passed" });
    expect(record(run, "orders", id)).toMatchObject({
      severity: "blocking",
      references: { customers: run.environment?.assets["customers" as AssetKey]?.dataVersion },
      outcome: { status: "passed" },
    });
  });

  it("blocks where a row has none, and names it", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1, 9) });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize();
    expect(outcome(run)).toBe("failed, published nothing");
    expect(ended(run)).toEqual({
      buyers: "made",
      customers: "made",
      orders: "made, then failed: check-failed",
    });
    expect(stepFailure(run, "orders")).toMatchObject({
      reason: "check-failed",
      checks: [id],
      message: "check failed: foreign key customer → customers: 1 row without parent",
      hint: expect.stringContaining("nothing was published"),
      detail: ['id="2"  customer="9"'],
    });

    // Nothing is made again, and the check is asked again.
    const again = await rig.materialize();
    expect(ended(again)).toEqual({
      buyers: "reused",
      customers: "reused",
      orders: "reused, then failed: check-failed",
    });

    // The remedy is in the source.
    shop.shop.set("customers", customerRows(1, 9));
    const mended = await rig.materialize();
    expect(ended(mended)).toEqual({ buyers: "made", customers: "made", orders: "reused" });
    expect(outcome(mended)).toBe("done, published buyers customers orders");
  });

  it("is asked again when the parent changes, though the child is fresh", async () => {
    const shop = controlledShop({ customers: customerRows(1, 2), orders: orderRows(1, 2) });
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    shop.shop.set("customers", customerRows(1));
    const plan = await rig.plan();
    expect(planned(plan)).toEqual({
      buyers: "if-changed input-may-change",
      customers: "run source-changed",
      orders: "fresh",
    });
    expect(plannedChecks(plan)).toMatchObject({ [ordersForeignKey]: "if-changed input-may-change" });
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "failed" });
    expect(ended(run)).toEqual({ buyers: "made", customers: "made", orders: "failed: check-failed" });
    expect(stepFailure(run, "orders")).toMatchObject({
      hint: expect.stringContaining("dev keeps the version it has"),
    });
    expect(outcome(run)).toBe("failed, published nothing");
    shop.shop.set("customers", customerRows(2, 1));
    expect(planned(await rig.plan())).toMatchObject({ customers: "run source-changed", orders: "fresh" });
  });

  it("is not asked again where the rows of both sides are what they were", async () => {
    const shop = controlledShop({ customers: customerRows(1, 2), orders: orderRows(1, 2) });
    const rig = await openRunRig(duckdb, shop);
    const first = await rig.materialize();
    shop.shop.set("customers", customerRows(2, 1));
    shop.shop.set("orders", { rows: [...orderRows(1, 2).rows].reverse() });
    const run = await rig.materialize();
    expect(ended(run)).toEqual({
      buyers: "skipped: inputs-equal",
      customers: "made, same rows",
      orders: "made, same rows",
    });
    expect(checked(run, "")).toEqual({});
    expect(run.environment?.assets["orders" as AssetKey]?.checks).toEqual(
      first.environment?.assets["orders" as AssetKey]?.checks,
    );
    expect(planned(await rig.plan())).toEqual(fresh);
    expect(plannedChecks(await rig.plan())).toEqual({});
  });

  it("blocks too where both sides were made by runs that failed", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(9) });
    const rig = await openRunRig(duckdb, shop);
    shop.shop.control({ onRead: (table) => (table === "orders" ? unreachable("orders") : undefined) });
    await rig.materialize();
    shop.shop.control({ onRead: (table) => (table === "customers" ? unreachable("customers") : undefined) });
    await rig.materialize({ force: true });
    shop.shop.control({});
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "failed" });
    expect(outcome(run)).toBe("failed, published nothing");
  });
});

describe("a foreign key between copies of two moments", () => {
  /** Customers 1 and then, when a third has come, orders alone. */
  async function readApart() {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) });
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    shop.shop.set("customers", customerRows(1, 3));
    shop.shop.set("orders", orderRows(1, 3));
    const run = await rig.materialize({ select: ["orders"] });
    return { rig, run, shop };
  }

  it("warns, is published with its outcome, and stays as it is while both sides do", async () => {
    const { rig, run } = await readApart();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "warned" });
    expect(outcome(run)).toBe("done, published orders");
    expect(record(run, "orders", id)).toMatchObject({
      severity: "warning",
      outcome: { status: "failed", rows: 1, sampleColumns: ["id", "customer"], sample: [["2", "3"]] },
    });
    expect(planned(await rig.plan({ select: ["orders"] }))).toEqual({ orders: "fresh" });
    expect(plannedChecks(await rig.plan({ select: ["orders"] }))).toEqual({});
  });

  it("passes once the other side is read", async () => {
    const { rig } = await readApart();
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "passed" });
    expect(outcome(run)).toBe("done, published buyers customers orders");
  });

  it("blocks when both are looked at together and it still fails", async () => {
    const { rig, shop } = await readApart();
    shop.shop.set("customers", customerRows(1));
    const plan = await rig.plan();
    expect(planned(plan)).toEqual({ ...fresh, buyers: "run input-changed" });
    expect(plannedChecks(plan)).toMatchObject({ [ordersForeignKey]: "run check-failed-last-time" });
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "failed" });
    expect(outcome(run)).toBe("failed, published nothing");
  });

  it("only warns where weak tokens cannot tell that they are of one moment, again and again doing nothing", async () => {
    const shop = controlledShop({
      customers: weakly(customerRows(1), "at 1"),
      orders: weakly(orderRows(1), "at 1"),
    });
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    shop.shop.set("orders", weakly(orderRows(1, 9), "at 2"));
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "warned" });
    expect(outcome(run)).toBe("done, published buyers orders");
    expect(planned(await rig.plan())).toEqual(fresh);
    expect(plannedChecks(await rig.plan())).toEqual({});
  });

  it("blocks where the rows of both were in one snapshot once, though one was not selected since", async () => {
    const options = { withForeignKey: false };
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(9) }, options);
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    rig.declare(controlledShop({ customers: customerRows(), orders: orderRows() }, { shop: shop.shop }));
    expect(plannedChecks(await rig.plan({ select: ["orders"] }))).toEqual({
      [ordersForeignKey]: "run check-added",
    });
    const run = await rig.materialize({ select: ["orders"] });
    expect(checked(run)).toEqual({ [ordersForeignKey]: "failed" });
  });
});

describe("a foreign key that is declared later", () => {
  const tables = { customers: customerRows(1, 2), orders: orderRows(1, 9) };

  it("is evaluated alone, on one snapshot, without anything being read", async () => {
    const shop = controlledShop(
      { customers: customerRows(1), orders: orderRows(1) },
      { withForeignKey: false },
    );
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    // The two are read at two moments, both of which the last one confirms.
    shop.shop.set("customers", tables.customers);
    await rig.materialize();
    rig.declare(controlledShop(tables, { shop: shop.shop }));
    const plan = await rig.plan();
    expect(planned(plan)).toEqual(fresh);
    expect(plannedChecks(plan)).toEqual({ [ordersForeignKey]: "run check-added" });
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "passed" });
    expect(ended(run)).toEqual({});
    expect(outcome(run)).toBe("done, published orders");
    expect(shop.shop.calls.filter((call) => call.endsWith(" 3"))).toEqual(["open 3", "close 3"]);
    expect(plannedChecks(await rig.plan())).toEqual({});
  });

  it("blocks if it fails, and what is published stays", async () => {
    const shop = controlledShop(tables, { withForeignKey: false });
    const rig = await openRunRig(duckdb, shop);
    const first = await rig.materialize();
    rig.declare(controlledShop(tables, { shop: shop.shop }));
    const run = await rig.materialize();
    expect(ended(run)).toEqual({ orders: "failed: check-failed" });
    expect(run.environment).toEqual(first.environment);
    expect(outcome(run)).toBe("failed, published nothing");
  });

  it("as a warning is told and kept, and due again when it is made to block", async () => {
    const shop = controlledShop(tables, { severity: "warning" });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "warned" });
    expect(outcome(run)).toBe("done, published buyers customers orders");
    expect(plannedChecks(await rig.plan())).toEqual({});

    rig.declare(controlledShop(tables, { shop: shop.shop }));
    expect(planned(await rig.plan())).toEqual(fresh);
    expect(plannedChecks(await rig.plan())).toEqual({ [ordersForeignKey]: "run check-failed-last-time" });
    expect(checked(await rig.materialize())).toEqual({ [ordersForeignKey]: "failed" });
  });

  it("and taken away again is forgotten", async () => {
    const shop = controlledShop(tables, { severity: "warning" });
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    rig.declare(controlledShop(tables, { shop: shop.shop, withForeignKey: false }));
    expect(plannedChecks(await rig.plan())).toEqual({});
    const run = await rig.materialize({ select: ["orders"], force: true });
    expect(record(run, "orders", id)).toBeUndefined();
  });
});

describe("a foreign key whose other side is not there", () => {
  it("because it failed is not evaluated, and nothing is published", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(1) });
    shop.shop.control({ onRead: (table) => (table === "customers" ? unreachable("customers") : undefined) });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ select: ["customers", "orders"] });
    expect(checked(run)).toEqual({ [ordersForeignKey]: "not-evaluated: customers was not made" });
    expect(outcome(run)).toBe("failed, published nothing");
  });

  it("because it was never made and is not selected is not evaluated, is published, and is due once it is there", async () => {
    const shop = controlledShop({ customers: customerRows(1), orders: orderRows(9) });
    const rig = await openRunRig(duckdb, shop);
    const run = await rig.materialize({ select: ["orders"] });
    expect(checked(run)).toEqual({ [ordersForeignKey]: "not-evaluated: customers was never made" });
    expect(outcome(run)).toBe("done, published orders");
    expect(record(run, "orders", id)).toBeUndefined();
    // There is nothing that another run could do about it alone.
    expect(planned(await rig.plan({ select: ["orders"] }))).toEqual({ orders: "fresh" });
    expect(plannedChecks(await rig.plan({ select: ["orders"] }))).toEqual({});
    expect(plannedChecks(await rig.plan({ select: ["customers", "orders"] }))).toMatchObject({
      [ordersForeignKey]: "run check-added",
    });
    const both = await rig.materialize({ select: ["customers", "orders"] });
    expect(checked(both)).toEqual({ [ordersForeignKey]: "failed" });
    expect(outcome(both)).toBe("failed, published nothing");
  });
});

describe("foreign keys between assets that are made", () => {
  interface Rows {
    readonly id: number;
    readonly parent: number | null;
  }
  const columns = { id: integer(), parent: integer().nullable() };

  function made(key: string, rows: readonly Rows[]): Asset<string, typeof columns> {
    return asset.run(key, {
      inputs: {},
      columns,
      primaryKey: ["id"],
      config: { rows: rows.map(({ id, parent }) => [id, parent]) },
      async *run({ config }) {
        for (const [id, parent] of config.rows) yield { id: id ?? 0, parent: parent ?? null };
      },
    });
  }

  function cyclic(left: readonly Rows[], right: readonly Rows[]): RigProject {
    const [a, b] = [made("a", left), made("b", right)];
    const relations = foreignKeys({ a, b }, (t) => [
      t.a.parent.references(t.b.id),
      t.b.parent.references(t.a.id),
    ]);
    return { project: defineProject({ name: "cyclic", assets: [a, b], relations }) };
  }

  it("may lead back to the asset itself", async () => {
    const project = (rows: readonly Rows[]): RigProject => {
      const tree = made("tree", rows);
      const relations = foreignKeys({ tree }, (t) => [t.tree.parent.references(t.tree.id)]);
      return { project: defineProject({ name: "tree", assets: [tree], relations }) };
    };
    const rig = await openRunRig(
      duckdb,
      project([
        { id: 1, parent: null },
        { id: 2, parent: 1 },
      ]),
    );
    const first = await rig.materialize();
    expect(checked(first)).toEqual({ "tree foreign_key(parent→tree)": "passed" });
    rig.declare(project([{ id: 1, parent: 3 }]));
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ "tree foreign_key(parent→tree)": "failed" });
    expect(run.environment).toEqual(first.environment);
  });

  it("may be cyclic, and both block", async () => {
    const rig = await openRunRig(duckdb, cyclic([{ id: 1, parent: 2 }], [{ id: 2, parent: 1 }]));
    const run = await rig.materialize();
    expect(checked(run)).toEqual({
      "a foreign_key(parent→b)": "passed",
      "b foreign_key(parent→a)": "passed",
    });
    expect(outcome(run)).toBe("done, published a b");

    rig.declare(cyclic([{ id: 5, parent: 2 }], [{ id: 2, parent: 1 }]));
    const moved = await rig.materialize();
    expect(checked(moved)).toEqual({
      "a foreign_key(parent→b)": "passed",
      "b foreign_key(parent→a)": "failed",
    });
    expect(ended(moved)).toEqual({ a: "made", b: "failed: check-failed" });
    expect(moved.environment).toEqual(run.environment);
  });

  it("block when one run brings both up to date, also where only the child changes", async () => {
    const rig = await openRunRig(duckdb, cyclic([{ id: 1, parent: 2 }], [{ id: 2, parent: null }]));
    await rig.materialize();
    rig.declare(cyclic([{ id: 1, parent: 7 }], [{ id: 2, parent: null }]));
    const run = await rig.materialize();
    expect(checked(run)).toMatchObject({ "a foreign_key(parent→b)": "failed" });
    expect(outcome(run)).toBe("failed, published nothing");
  });

  it("only warn where the other side is left as it is", async () => {
    const rig = await openRunRig(duckdb, cyclic([{ id: 1, parent: 2 }], [{ id: 2, parent: null }]));
    await rig.materialize();
    rig.declare(
      cyclic(
        [{ id: 1, parent: 7 }],
        [
          { id: 2, parent: null },
          { id: 7, parent: null },
        ],
      ),
    );
    const run = await rig.materialize({ select: ["a"] });
    expect(checked(run)).toMatchObject({ "a foreign_key(parent→b)": "warned" });
    expect(outcome(run)).toBe("done, published a");
    expect(checked(await rig.materialize())).toMatchObject({ "a foreign_key(parent→b)": "passed" });
  });

  it("are asked of a side that is not selected no more than of any other asset, but the next plan knows", async () => {
    const rig = await openRunRig(duckdb, cyclic([{ id: 1, parent: 2 }], [{ id: 2, parent: null }]));
    await rig.materialize();
    rig.declare(cyclic([{ id: 1, parent: 2 }], [{ id: 3, parent: null }]));
    const run = await rig.materialize({ select: ["b"] });
    expect(outcome(run)).toBe("done, published b");
    expect(plannedChecks(await rig.plan())).toEqual({ "a foreign_key(parent→b)": "run reference-changed" });
    expect(checked(await rig.materialize())).toEqual({ "a foreign_key(parent→b)": "failed" });
  });
});
