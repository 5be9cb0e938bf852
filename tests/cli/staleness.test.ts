import { afterEach, describe, expect, it } from "vitest";
import type { ProjectRig } from "../rig/project-rig.ts";
import { createShop, planned } from "../rig/shop-project.ts";

const fresh = {
  big_orders: "fresh",
  customers: "fresh",
  orders: "fresh",
  paid_orders: "fresh",
  revenue: "fresh",
};
const neverMade = "run never-made";

let rig: ProjectRig;
afterEach(() => rig.remove());

async function madeShop(): Promise<ProjectRig> {
  rig = await createShop();
  const made = await rig.run("materialize");
  expect(made.stderr + made.stdout).toContain("published 5 assets to dev");
  expect(made.exitCode).toBe(0);
  return rig;
}

/** Runs, and gives what was made by what happened to it. */
async function materialize(...words: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const result = await rig.run("materialize", "--json", ...words);
  expect(result.exitCode, result.stdout + result.stderr).toBe(0);
  const happened: Record<string, string> = {};
  for (const line of result.stdout.trim().split("\n")) {
    const event = JSON.parse(line);
    if (event.type === "step.made") happened[event.asset] = event.unchanged ? "made same rows" : "made";
    if (event.type === "step.reused") happened[event.asset] = "reused";
    if (event.type === "step.skipped") happened[event.asset] = event.because;
  }
  return happened;
}

describe("what is stale", () => {
  it("is everything that was never made", async () => {
    rig = await createShop();
    expect(await planned(rig)).toEqual({
      big_orders: `${neverMade} input-may-change`,
      customers: neverMade,
      orders: neverMade,
      paid_orders: `${neverMade} input-may-change`,
      revenue: `${neverMade} input-may-change input-may-change`,
    });
  });

  it("is nothing after a run, and a second run does nothing", async () => {
    await madeShop();
    expect(await planned(rig)).toEqual(fresh);
    const again = await rig.run("materialize");
    expect(again.stdout).toContain("nothing to do: 5 assets fresh");
    expect(again.exitCode).toBe(0);
    const { runs } = await rig.json<{ readonly runs: readonly unknown[] }>("runs");
    expect(runs).toHaveLength(1);
  });

  it("is nothing after edits of descriptions, tags, owners, groups, comments and layout", async () => {
    await madeShop();
    await rig.edit("assets/revenue.ts", "Revenue by state.", "What each state brings in.");
    await rig.edit(
      "assets/revenue.ts",
      "inputs:",
      'tags: ["money"], owner: "finance", group: "insights",\n  inputs:',
    );
    await rig.edit("assets/revenue.ts", "group by 1", "\n -- by state\n group   by /* the first */ 1");
    await rig.edit("assets/tables.ts", "Where they live.", "Two letters.");
    await rig.edit("assets/tables.ts", "One row per customer.", "Customers.");
    await rig.edit("assets/big_orders.ts", "for await", "// only those that count\n    for   await");
    await rig.edit("assets/big_orders.ts", "config: {", 'description: "Large ones.",\n  config: {');
    await rig.edit("assets/shop.ts", 'tags: ["core"]', 'tags: ["core", "daily"], owner: "ops"');
    expect(await planned(rig)).toEqual(fresh);
  });

  it("is an SQL asset whose statement changed, and what follows only if its rows change", async () => {
    await madeShop();
    await rig.edit("assets/paid_orders.ts", "where", "where 1 = 1 and");
    expect(await planned(rig)).toEqual({
      ...fresh,
      big_orders: "if-changed input-may-change",
      paid_orders: "run code-changed",
      revenue: "if-changed input-may-change",
    });
    expect(await materialize()).toEqual({
      big_orders: "inputs-equal",
      paid_orders: "made same rows",
      revenue: "inputs-equal",
    });
    expect(await planned(rig)).toEqual(fresh);
  });

  it("is a function asset whose helper was edited, and not for a helper that it does not use", async () => {
    await madeShop();
    await rig.edit("assets/rounding.ts", "Math.floor(value)", "Math.ceil(value)");
    expect((await planned(rig))["big_orders"]).toBe("fresh");
    await rig.edit("assets/rounding.ts", "Math.round(value)", "Math.trunc(value)");
    expect(await planned(rig)).toEqual({ ...fresh, big_orders: "run code-changed" });
  });

  it("is a function asset whose config changed", async () => {
    await madeShop();
    await rig.edit("assets/big_orders.ts", "least: 20", "least: 30");
    expect(await planned(rig)).toEqual({ ...fresh, big_orders: "run config-changed" });
    expect(await materialize()).toEqual({ big_orders: "made" });
  });

  it("stops at rows that are equal, in whatever order the source gives them now", async () => {
    await madeShop();
    await rig.write(
      "data/orders.csv",
      "order_id,customer_id,amount,status\no4,c2,99.00,open\no3,c2,40.00,paid\no2,c1,25.50,paid\no1,c1,10.00,paid\n",
    );
    expect((await planned(rig))["orders"]).toBe("run source-changed");
    expect(await materialize()).toEqual({
      big_orders: "inputs-equal",
      orders: "made same rows",
      paid_orders: "inputs-equal",
      revenue: "inputs-equal",
    });
  });

  it("follows a change of the source to what it reaches", async () => {
    await madeShop();
    await rig.edit("data/orders.csv", "o4,c2,99.00,open", "o4,c2,99.00,paid");
    expect(await materialize()).toEqual({
      big_orders: "made",
      orders: "made",
      paid_orders: "made",
      revenue: "made",
    });
    const { rows } = await rig.json<{ readonly rows: unknown }>("query", "select * from revenue order by 1");
    expect(rows).toEqual([
      ["RJ", "139.00"],
      ["SP", "35.50"],
    ]);
  });

  it("re-uses the earlier version when code goes back to what it was", async () => {
    await madeShop();
    await rig.edit("assets/paid_orders.ts", '"paid"', '"open"');
    expect(await materialize()).toMatchObject({ paid_orders: "made", revenue: "made" });
    await rig.edit("assets/paid_orders.ts", '"open"', '"paid"');
    expect(await planned(rig)).toEqual({
      ...fresh,
      big_orders: "reuse input-changed",
      paid_orders: "reuse code-changed",
      revenue: "reuse input-changed",
    });
    expect(await materialize()).toEqual({ big_orders: "reused", paid_orders: "reused", revenue: "reused" });
    expect(await planned(rig)).toEqual(fresh);
  });

  it("is an asset that got or lost an input", async () => {
    await madeShop();
    await rig.edit("assets/paid_orders.ts", "import { orders }", "import { customers, orders }");
    await rig.edit("assets/paid_orders.ts", "inputs: { orders }", "inputs: { customers, orders }");
    expect((await planned(rig))["paid_orders"]).toBe("run input-added");
    await materialize();
    await rig.edit("assets/paid_orders.ts", "inputs: { customers, orders }", "inputs: { orders }");
    expect((await planned(rig))["paid_orders"]).toBe("reuse input-removed");
  });

  it("is an asset with another column, and says which", async () => {
    await madeShop();
    await rig.edit(
      "assets/revenue.ts",
      "revenue: decimal(18, 2) }",
      "revenue: decimal(18, 2), orders: integer() }",
    );
    await rig.edit("assets/revenue.ts", "import { asset, decimal", "import { asset, integer, decimal");
    await rig.edit("assets/revenue.ts", "as revenue", "as revenue, count(*)::integer as orders");
    expect(await planned(rig)).toEqual({ ...fresh, revenue: "run code-changed schema-changed" });
    expect((await rig.run("plan")).stdout).toContain("columns changed: + orders integer");
    await materialize();
    expect(await planned(rig)).toEqual(fresh);
  });

  it("is made again when it is forced, even if it is fresh", async () => {
    await madeShop();
    expect(await planned(rig, "--select", "revenue", "--force")).toEqual({ revenue: "run forced" });
    expect(await materialize("--select", "paid_orders", "--force")).toEqual({
      paid_orders: "made same rows",
    });
    expect(await planned(rig)).toEqual(fresh);
  });

  it("is not a source file that was touched but has the content it had", async () => {
    await madeShop();
    await rig.touch("data/orders.csv");
    expect(await planned(rig)).toEqual(fresh);
  });

  it("forgets an asset that is no longer declared, and keeps it published", async () => {
    await madeShop();
    await rig.edit("assets/project.ts", ", revenue, big_orders", ", big_orders");
    await rig.edit("assets/project.ts", 'import { revenue } from "./revenue.ts";\n', "");
    const { revenue: _gone, ...others } = fresh;
    expect(await planned(rig)).toEqual(others);
    expect((await rig.run("plan", "--select", "revenue")).stderr).toContain('no asset "revenue"');
    expect((await rig.run("query", "select count(*) from revenue")).exitCode).toBe(0);
  });

  it("asks for a failed check again, computing nothing twice", async () => {
    await madeShop();
    await rig.edit("data/orders.csv", "o4,c2,99.00,open", "o4,c9,99.00,paid");
    const failed = await rig.run("materialize");
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain("foreign key customer_id → customers: 1 row without parent");
    expect(failed.stdout).toContain("nothing published");
    expect(await rig.json<{ rows: unknown }>("query", "select sum(amount) from paid_orders")).toMatchObject({
      rows: [["75.50"]],
    });
    expect((await planned(rig))["orders"]).toBe("reuse source-changed");
    const again = await rig.run("materialize", "--json");
    expect(again.exitCode).toBe(1);
    expect(again.stdout).not.toContain('"step.made"');
    expect(again.stdout).toContain('"check.failed"');
    await rig.edit("data/customers.csv", "c2,RJ", "c2,RJ\nc9,MG");
    expect(await materialize()).toMatchObject({ customers: "made", orders: "reused", revenue: "made" });
  });

  it("never lets the sample over what was made from real files", async () => {
    await madeShop();
    const refused = await rig.runWith({ SAMPLE: "1" }, "materialize");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("environment dev holds real rows");
    const elsewhere = await rig.runWith({ SAMPLE: "1" }, "materialize", "--env", "sample");
    expect(elsewhere.exitCode, elsewhere.stdout + elsewhere.stderr).toBe(0);
    expect(await planned(rig)).toEqual(fresh);
  });
});
