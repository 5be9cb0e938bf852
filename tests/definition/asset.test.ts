import { describe, expect, it } from "vitest";
import { type AssetOptions, asset, inputsOf } from "../../framework/definition/asset.ts";
import { integer, string } from "../../framework/definition/column.ts";
import type { Json } from "../../framework/definition/json.ts";
import { source } from "../../framework/definition/source.ts";
import { sql } from "../../framework/definition/sql.ts";
import { table } from "../../framework/definition/table.ts";

const ordersTable = table("orders", {
  description: "One row per order.",
  columns: { order_id: string(), customer_id: string() },
  primaryKey: ["order_id"],
  unique: [["customer_id"]],
});
const shop = source("shop");
const from = (options?: AssetOptions) => asset.from("orders", shop.table(ordersTable), options);
const messages = (of: ReturnType<typeof from>) => of.faults.map(({ code, message }) => `${code}: ${message}`);

describe("an asset from a source", () => {
  it("takes columns, keys and description from the table", () => {
    expect(from({ group: "batch", tags: ["core"], owner: "data" })).toMatchObject({
      key: "orders",
      columns: ordersTable.columns,
      primaryKey: ["order_id"],
      unique: [["customer_id"]],
      description: "One row per order.",
      group: "batch",
      tags: ["core"],
      owner: "data",
      making: { kind: "copy", from: { source: { name: "shop" }, table: ordersTable } },
      faults: [],
    });
  });

  it("prefers a description of its own", () => {
    expect(from({ description: "Mine." }).description).toBe("Mine.");
  });

  it("knows the line it was declared in", () => {
    const { position } = asset.from("orders", shop.table(ordersTable));
    expect(position?.file).toMatch(/tests\/definition\/asset\.test\.ts$/);
    expect(position?.line).toBeGreaterThan(20);
  });

  it("is frozen", () => {
    const made = from();
    expect([made, made.making, made.tags, made.policy, made.faults].every(Object.isFrozen)).toBe(true);
  });
});

describe("inputs", () => {
  const orders = from();
  it("are the declared ones of SQL and functions, and none of a copy", () => {
    const bySql = asset.sql("a", {
      inputs: { orders },
      columns: { n: integer() },
      sql: () => sql`select 1 as n`,
    });
    const byFunction = asset.run("b", { inputs: { it: bySql }, columns: { n: integer() }, async *run() {} });
    expect([inputsOf(orders), inputsOf(bySql), inputsOf(byFunction)]).toEqual([
      {},
      { orders },
      { it: bySql },
    ]);
  });
});

describe("policy", () => {
  it("is in milliseconds", () => {
    expect(from({ timeout: "5m", retry: { times: 3, wait: "500ms" }, pool: "cpu" }).policy).toEqual({
      timeoutMs: 300_000,
      retry: { times: 3, waitMs: 500 },
      pool: "cpu",
    });
  });

  it("waits a second before the first retry unless told", () => {
    expect(from({ retry: { times: 1 } }).policy).toEqual({ retry: { times: 1, waitMs: 1000 } });
  });

  it("is empty unless told", () => {
    expect(from().policy).toEqual({});
  });
});

describe("faults are kept for later, all of them", () => {
  it("of the key", () => {
    expect(messages(asset.from("Orders!", shop.table(ordersTable)) as never)).toEqual([
      'key-invalid: "Orders!" is not an asset key',
    ]);
  });

  it("of a column's name", () => {
    const odd = table("odd", { columns: { "order id": string(), "1st": string(), fine_1: string() } });
    expect(messages(asset.from("odd", shop.table(odd)) as never)).toEqual([
      'column-name-invalid: odd: "order id" is not a column name',
      'column-name-invalid: odd: "1st" is not a column name',
    ]);
  });

  it("of a column that rows could not hold", () => {
    const odd = table("odd", { columns: { ["__proto__"]: string(), constructor: string() } });
    expect(messages(asset.from("odd", shop.table(odd)) as never)).toEqual([
      'column-name-invalid: odd: "__proto__" is not a column name',
    ]);
  });

  it("of lengths of time and retries", () => {
    expect(messages(from({ timeout: "5 m" as never, retry: { times: 1.5, wait: "soon" as never } }))).toEqual(
      [
        'policy-invalid: orders: timeout "5 m" is not a length of time',
        'policy-invalid: orders: retry.wait "soon" is not a length of time',
        "policy-invalid: orders: retry.times 1.5 is not a whole number",
      ],
    );
    expect(messages(from({ retry: { times: -1 } }))).toEqual([
      "policy-invalid: orders: retry.times -1 is not a whole number",
    ]);
  });

  it("of config that cannot be hashed", () => {
    const config = { steps: [{ at: new Date(0) }] } as unknown as Json;
    const made = asset.run("x", { inputs: {}, columns: { n: integer() }, config, async *run() {} });
    expect(messages(made as never)).toEqual(["config-not-plain: x: config.steps[0].at is not JSON"]);
  });

  it("with their position and a hint", () => {
    const [fault] = from({ timeout: "5 m" as never }).faults;
    expect(fault).toMatchObject({
      severity: "error",
      hint: 'write it like "30s", "5m" or "2h"',
      position: { file: expect.stringContaining("asset.test.ts"), line: expect.any(Number) },
    });
  });
});
