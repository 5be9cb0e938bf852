import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boolean, date, decimal, integer, string, timestamp } from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { createDuckdbEngine } from "../../../framework/engines/duckdb/create-duckdb-engine.ts";
import { type EngineRig, errorOf, openRig, unwrap } from "../engine-rig.ts";

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const relations = {
  orders: tableSchema({ order_id: string(), placed: timestamp(), day: date(), open: boolean() }),
  payments: tableSchema({ order_id: string(), value: decimal(10, 2), installments: integer() }),
};

test("the engine knows its kind and version without being started", () => {
  const engine = createDuckdbEngine({ temporaryFolder: "/nowhere/at/all" });
  expect(engine.kind).toBe("duckdb");
  expect(engine.version).toMatch(/^\d+\.\d+$/);
});

describe("a statement", () => {
  test("is described by the names and types of its columns", async () => {
    const statement = `select o.day, sum(p.value) as revenue, avg(p.value) as mean, sum(p.installments) as n,
        max(o.placed) as latest, count(*), any_value(o.open) as open, o.order_id
      from "orders" as o join "payments" as p using (order_id) group by o.day, o.order_id`;
    expect(unwrap(await rig.engine.describe(statement, relations))).toEqual([
      { name: "day", type: "DATE" },
      { name: "revenue", type: "DECIMAL(38,2)" },
      { name: "mean", type: "DOUBLE" },
      { name: "n", type: "HUGEINT" },
      { name: "latest", type: "TIMESTAMP" },
      { name: "count_star()", type: "BIGINT" },
      { name: "open", type: "BOOLEAN" },
      { name: "order_id", type: "VARCHAR" },
    ]);
  });

  test.each([
    'with a as (select * from "orders"), b as (from a) select day from b',
    "with recursive t(day) as (select date '2018-01-01' union all select day + 1 from t where day < '2018-02-01') select day::date as day from t",
    'select day from (from "orders") where exists (select 1 from "payments")',
    "values (date '2018-01-01')",
    "select date '2018-01-01' + range::int as day from range(10)",
    "select unnest([date '2018-01-01']) as day",
    'select day from "ORDERS";',
    '/* before */ select day from "orders" -- after',
    'select day from "orders" union all select day from orders',
    "select day from orders qualify row_number() over (partition by day order by placed) = 1",
    'select o."day" from orders o, lateral (select o.day) as l(x)',
  ])("may be any single query over its inputs: %s", async (statement) => {
    const [column] = unwrap(await rig.engine.describe(statement, relations));
    expect(column?.type).toBe("DATE");
  });
});

describe("a fault", () => {
  test.each<[string, string, string]>([
    ["select ordr_id from orders", "ordr_id", 'Referenced column "ordr_id" not found'],
    ["select day\nfrom orders\nwhere 'é😀' = '' and ordr_id = 1", "ordr_id", 'column "ordr_id" not found'],
    ["selec day from orders", "selec", 'syntax error at or near "selec"'],
    ["select day from orders where (", "", "syntax error at end of input"],
    ["select nosuch(day) from orders", "nosuch", "Scalar Function with name nosuch does not exist"],
    ["select day from ordrs", "ordrs", 'it reads "ordrs", which is no input: did you mean orders?'],
    [
      "select 'é', x from information_schema.tables",
      "information_schema",
      'it reads "information_schema.tables"',
    ],
    ["select * from read_csv('/etc/passwd')", "read_csv", "it reads from read_csv()"],
    ["select 1 as a from duckdb_settings()", "duckdb_settings", "it reads from duckdb_settings()"],
    ["select * from glob('/*')", "glob", "it reads from glob()"],
    ["select * from '/etc/passwd.csv'", "'/etc", 'it reads "/etc/passwd.csv", which is no input'],
  ])("has a place in the statement: %s", async (statement, at, words) => {
    const fault = errorOf(await rig.engine.describe(statement, relations));
    expect(fault.message).toContain(words);
    expect(statement.slice(fault.offset)).toMatch(new RegExp(`^${at.replaceAll("/", "\\/")}`));
    expect(fault.offset).toBeGreaterThanOrEqual(0);
  });

  test.each<[string, string]>([
    ["", "the statement is empty"],
    [" -- nothing\n;", "the statement is empty"],
    ["select 1 as a; select 2 as a", "one statement is wanted, and these are 2"],
    ["copy orders to '/tmp/x.csv'", "it is not a query"],
    ["attach '/tmp/x.db'", "it is not a query"],
    ["create table x as select 1", "it is not a query"],
    ["insert into orders select * from orders", "it is not a query"],
    ["delete from orders", "it is not a query"],
    ["pragma table_info('orders')", "it is not a query"],
    ["set threads = 1", "it is not a query"],
    ["install httpfs", "it is not a query"],
    ["describe orders", "it is not a query of rows"],
    ["summarize orders", "it is not a query of rows"],
    ["explain select 1", "it is not a query"],
    ["call pragma_version()", "it is not a query"],
    ["select day, Day from orders", 'it puts out two columns "day": name them apart'],
    ["select $1 as a", "it has a parameter"],
  ])("is also what is no single query: %s", async (statement, words) => {
    expect(errorOf(await rig.engine.describe(statement, relations)).message).toContain(words);
  });
});

test("describing leaves nothing behind for the next", async () => {
  unwrap(await rig.engine.describe("select day from orders", relations));
  expect(errorOf(await rig.engine.describe("select day from orders", {})).message).toContain(
    "it has no inputs",
  );
  const other = { orders: tableSchema({ day: integer() }) };
  expect(unwrap(await rig.engine.describe("select day from orders", other))).toEqual([
    { name: "day", type: "INTEGER" },
  ]);
});

describe("a column may be cast to a declared one", () => {
  const declared = {
    string: string(),
    int32: integer(),
    decimal: decimal(18, 2),
    boolean: boolean(),
    date: date(),
    timestamp: timestamp(),
  };
  const [text, int32, money, flag, day, moment] = tableSchema(declared).columns;
  test.each([
    ["HUGEINT", int32, true],
    ["UTINYINT", int32, true],
    ["DECIMAL(38,2)", money, true],
    ["INTEGER", money, false],
    ["DECIMAL(4,0)", int32, false],
    ["DOUBLE", money, false],
    ["VARCHAR", text, true],
    ["ENUM('a', 'b')", text, true],
    ["UUID", text, true],
    ["BLOB", text, false],
    ["INTEGER", text, false],
    ["DATE", moment, false],
    ["TIMESTAMP", moment, true],
    ["TIMESTAMP_NS", moment, true],
    ["TIMESTAMP WITH TIME ZONE", moment, false],
    ["TIMESTAMP", day, false],
    ["DATE", day, true],
    ["BOOLEAN", flag, true],
    ["INTEGER", flag, false],
    ["INTEGER[]", int32, false],
    ['STRUCT("a" INTEGER)', int32, false],
    ['"NULL"', money, true],
  ] as const)("%s -> %o: %s", (type, to, allowed) => {
    if (!to) throw new Error("no such column");
    expect(rig.engine.castable({ name: "c", type }, to)).toBe(allowed);
  });
});
