import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { date, decimal, double, integer, string, timestamp } from "../../../framework/definition/column.ts";
import type { StoredRelation } from "../../../framework/definition/compute-port.ts";
import { type EngineRig, errorOf, openRig, unstopped, unwrap } from "../engine-rig.ts";

let rig: EngineRig;
let relations: Readonly<Record<string, StoredRelation>>;
beforeAll(async () => {
  rig = await openRig();
  const orders = await rig.store(
    {
      id: integer(),
      placed: timestamp(),
      price: decimal(10, 2).nullable(),
      day: date(),
      share: double(),
      note: string().nullable(),
    },
    [
      { id: 1, placed: 1539782566000000n, price: "12.50", day: "2018-10-17", share: 0.1, note: "a" },
      { id: 2, placed: 1539782566500000n, price: null, day: "2018-10-18", share: 1, note: null },
    ],
  );
  relations = {
    orders,
    "warehouse/orders": orders,
    untouched: { ...orders, files: [join(rig.folder, "never-made.parquet")] },
  };
});
afterAll(() => rig.close());

const ask = (statement: string, limit = 100) => rig.engine.query(statement, relations, limit, unstopped);

test("a query gives columns and values as people read them", async () => {
  expect(unwrap(await ask("select * from orders order by id"))).toEqual({
    columns: [
      { name: "id", type: "INTEGER" },
      { name: "placed", type: "TIMESTAMP" },
      { name: "price", type: "DECIMAL(10,2)" },
      { name: "day", type: "DATE" },
      { name: "share", type: "DOUBLE" },
      { name: "note", type: "VARCHAR" },
    ],
    rows: [
      ["1", "2018-10-17 13:22:46", "12.50", "2018-10-17", "0.1", "a"],
      ["2", "2018-10-17 13:22:46.5", null, "2018-10-18", "1", null],
    ],
    truncated: false,
  });
});

test("the names of all relations can be listed", async () => {
  expect(unwrap(await ask("show tables")).rows).toEqual([["orders"], ["untouched"], ["warehouse/orders"]]);
});

test("a name with a slash is reached in double quotes", async () => {
  expect(unwrap(await ask('select count(*) from "warehouse/orders"')).rows).toEqual([["2"]]);
});

test.each([
  ["select range from range(10)", 10, 10, false],
  ["select range from range(11)", 10, 10, true],
  ["select range from range(100000)", 5000, 5000, true],
  ["select 1 where false", 10, 0, false],
] as const)("%s with limit %i gives %i rows, more: %s", async (statement, limit, rows, truncated) => {
  const result = unwrap(await ask(statement, limit));
  expect([result.rows.length, result.truncated]).toEqual([rows, truncated]);
});

test.each([
  "describe orders",
  "summarize orders",
  "explain select * from orders",
  "explain analyze from orders",
])("%s is a query too", async (statement) => {
  expect(unwrap(await ask(statement)).rows.length).toBeGreaterThan(0);
});

test("times are in UTC, whatever the machine's zone", async () => {
  expect(unwrap(await ask("select timestamptz '2018-10-17 13:22:46+02'")).rows).toEqual([
    ["2018-10-17 11:22:46+00"],
  ]);
});

describe("what is no query is refused and does nothing", () => {
  test.each([
    "copy orders to '{file}'",
    "explain analyze copy orders to '{file}'",
    "EXPLAIN /* x */ ANALYZE copy orders to '{file}'",
    "-- c\nexplain\nanalyze copy orders to '{file}'",
    "create table t as from orders",
    "attach '{file}'",
    "set threads = 1",
    "pragma database_list",
    "explain pragma database_list",
    "drop view orders",
    "install httpfs",
    "select 1; copy orders to '{file}'",
  ])("%s", async (statement) => {
    const file = join(rig.folder, "written");
    expect(errorOf(await ask(statement.replace("{file}", file))).message).toMatch(
      /query|one statement|syntax/,
    );
    expect(existsSync(file)).toBe(false);
  });
});

test("a fault has a place, and a wrong name has near ones from all relations", async () => {
  expect(errorOf(await ask("select ida from orders"))).toMatchObject({ offset: 7 });
  expect(errorOf(await ask("select 1 from order"))).toMatchObject({ offset: expect.any(Number) });
  expect(errorOf(await ask('from "warehouse/order"'))).toEqual({
    message: 'There is no "warehouse/order". Did you mean "warehouse/orders"?',
    offset: 5,
  });
});

test("a relation whose file is gone is a fault that names it, and hurts nobody who does not read it", async () => {
  expect(errorOf(await ask("from untouched")).message).toContain(
    "never-made.parquet cannot be read: it is missing",
  );
  unwrap(await ask("from orders"));
});
