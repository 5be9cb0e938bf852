import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { date, integer, string } from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { unrepeatable } from "../../../framework/engines/duckdb/unrepeatable.ts";
import { type EngineRig, errorOf, openRig, unwrap } from "../engine-rig.ts";

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const relations = {
  orders: tableSchema({ id: string(), day: date(), n: integer() }),
  people: tableSchema({ user: string(), current_date: date() }),
};

describe("a statement that gives other rows at each run is refused", () => {
  test.each<[string, string, string]>([
    ["select id, random() as r from orders", "it calls random()", "random()"],
    ["select id from orders order by UUID()", "it calls uuid()", "UUID()"],
    ["select id from orders where day > now()", "it calls now()", "now()"],
    ["select id, today() - day as age from orders", "it calls today()", "today()"],
    ["select id, current_timestamp as made_at from orders", "it uses current_timestamp", "current_timestamp"],
    ["select current_date as current_date from orders", "it uses current_date", "current_date"],
    ["select id, localtime as t from orders", "it uses localtime", "localtime"],
    ["select get_current_time() as t", "it calls get_current_time()", "get_current_time()"],
    ["select nextval('s') as n from orders", "it calls nextval()", "nextval("],
    ["select current_setting('threads') as n", "it calls current_setting()", "current_setting("],
    ["select txid_current() as n", "it calls txid_current()", "txid_current("],
    ["select age(day::timestamp) as a from orders", "it calls age() of one moment", "age("],
    ["with a as (select random() as r) select r from a", "it calls random()", "random()"],
    ["select list_transform([1], lambda x: x + random()) as l", "it calls random()", "random()"],
    ["select id from orders where exists (select 1 where random() > 0.5)", "it calls random()", "random()"],
    ["select id from orders limit (random() * 3)::int", "it calls random()", "random()"],
  ])("%s", async (statement, message, place) => {
    const fault = errorOf(await rig.engine.describe(statement, { orders: relations.orders }));
    expect(fault.message).toContain(message);
    expect(fault.message).toMatch(/: (pass|derive|number|give)/);
    expect(fault.offset).toBe(statement.indexOf(place));
  });

  test.each([
    "select id from orders using sample 3 rows",
    "select id from orders tablesample 10%",
    "select id from orders using sample reservoir(3 rows) repeatable (7)",
    "select id from (select * from orders tablesample bernoulli(10%))",
  ])("%s", async (statement) => {
    const fault = errorOf(await rig.engine.describe(statement, relations));
    expect(fault.message).toContain("where hash(key) % n = 0");
  });
});

describe("a name that means a column is no function", () => {
  test.each([
    "select user, current_date from people",
    "select p.current_date as day from people p",
    'with a as (select id as "user" from orders) select "user" from a',
    'select "user" from (select id from orders) as t("user")',
    "with a(localtime) as (select n from orders) select localtime from a",
    "select list_transform([1], lambda user: user + 1) as l",
    "select age(timestamp '2018-01-02', day::timestamp)::varchar as a from orders",
    "select case when n < 0 then error('negative') else n end as n from orders",
    "select id from orders where hash(id) % 10 = 0",
  ])("%s", async (statement) => {
    unwrap(await rig.engine.describe(statement, relations));
  });
});

test("every function that DuckDB counts as changing is known, but for error(), which only fails", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const result = await connection.run(
    "select distinct function_name from duckdb_functions() where stability in ('VOLATILE', 'CONSISTENT_WITHIN_QUERY') order by 1",
  );
  const names = (await result.getRows()).map(([name]) => String(name));
  connection.closeSync();
  instance.closeSync();
  expect(names.length).toBeGreaterThan(10);
  const unknown = names.filter(
    (name) => unrepeatable({ class: "FUNCTION", function_name: name, children: [] }, new Set()) === undefined,
  );
  expect(unknown).toEqual(["error"]);
});

test("the row number of a stored file is no column", async () => {
  const fault = errorOf(await rig.engine.describe("select rowid as r from orders", relations));
  expect(fault.message).toContain("rowid");
});
