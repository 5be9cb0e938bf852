import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AssetKey } from "../../../framework/definition/asset-key.ts";
import { bigint, date, decimal, integer, string } from "../../../framework/definition/column.ts";
import type { StoredRelation } from "../../../framework/definition/compute-port.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { type EngineRig, errorOf, openRig, queryFrom, unwrap } from "../engine-rig.ts";

let rig: EngineRig;
let orders: StoredRelation;
beforeAll(async () => {
  rig = await openRig();
  orders = await rig.store({ order_id: string(), price: decimal(10, 2).nullable() }, [
    { order_id: "b", price: "2.50" },
    { order_id: "a", price: "1.25" },
    { order_id: "c", price: null },
  ]);
});
afterAll(() => rig.close());

describe("the rows of a query", () => {
  test("are cast to the declared columns, matched by name and in declared order", async () => {
    const schema = tableSchema({ total: decimal(18, 2), n: bigint(), Least: string() });
    const file = rig.file();
    const statement =
      'select min(order_id) as least, sum(price) as TOTAL, count(*)::hugeint as n, 1 as more from "orders"';
    unwrap(await rig.write(queryFrom(statement, { orders }), schema, { file }));
    expect(await rig.read({ files: [file], schema })).toEqual([{ total: "3.75", n: 3n, Least: "a" }]);
  });

  test("may come from a statement with comments, line breaks and a semicolon", async () => {
    const statement = "-- first\nselect 1 as n -- one\n; -- done";
    expect(unwrap(await rig.write(queryFrom(statement), tableSchema({ n: integer() }))).rows).toBe(1);
  });

  test("are sorted when columns to sort by are given", async () => {
    const schema = tableSchema({ order_id: string(), price: decimal(10, 2).nullable() });
    const file = rig.file();
    unwrap(await rig.write(queryFrom('from "orders"', { orders }), schema, { file, sortBy: ["order_id"] }));
    const rows = await rig.read({ files: [file], schema });
    expect(rows.map(({ order_id }) => order_id)).toEqual(["a", "b", "c"]);
  });

  test("give a file whose digest and size are those that were told, and nothing beside it", async () => {
    const file = rig.file();
    const before = await rig.names();
    const part = unwrap(await rig.write(queryFrom("select 1 as n"), tableSchema({ n: integer() }), { file }));
    const bytes = await readFile(file);
    expect(part).toMatchObject({
      bytes: bytes.length,
      digest: createHash("sha256").update(bytes).digest("hex"),
    });
    expect((await rig.names()).length).toBe(before.length + 1);
  });

  test("of several writes at once, each with an input of the same name, do not mix", async () => {
    const schema = tableSchema({ v: integer() });
    const sums = await Promise.all(
      Array.from({ length: 8 }, async (_, v) => {
        const input = await rig.store({ v: integer() }, [{ v }, { v }]);
        const file = rig.file();
        unwrap(await rig.write(queryFrom('select sum(v) as v from "input"', { input }), schema, { file }));
        return rig.read({ files: [file], schema });
      }),
    );
    expect(sums.flat().map(({ v }) => v)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  });

  test("may be none", async () => {
    const file = rig.file();
    const schema = tableSchema({ order_id: string(), day: date() });
    const statement = "select order_id, current_date as day from orders where false";
    const part = unwrap(await rig.write(queryFrom(statement, { orders }), schema, { file }));
    expect(part).toMatchObject({
      rows: 0,
      columns: [
        { name: "order_id", min: null, max: null, nulls: 0 },
        { name: "day", min: null, max: null, nulls: 0 },
      ],
    });
    expect(await rig.read({ files: [file], schema })).toEqual([]);
  });

  test("may come from a relation with several files, or with none", async () => {
    const more = await rig.store({ order_id: string(), price: decimal(10, 2).nullable() }, [
      { order_id: "d", price: "4.00" },
    ]);
    const count = (relation: StoredRelation) =>
      rig.write(queryFrom('from "o"', { o: relation }), orders.schema);
    expect(unwrap(await count({ ...orders, files: [...orders.files, ...more.files] })).rows).toBe(4);
    expect(unwrap(await count({ ...orders, files: [] })).rows).toBe(0);
  });
});

describe("setup", () => {
  const setup = [
    "create table towns as select 't' || range as town from range(3)",
    "create macro twice(x) as x * 2",
  ];
  const statement = "select twice(count(*)) as n from towns";
  const schema = tableSchema({ n: bigint() });

  test("runs once for equal texts, also for writes at the same time, and is seen by all of them", async () => {
    const parts = await Promise.all(
      [1, 2, 3].map(() => rig.write({ form: "query", statement, relations: {}, setup }, schema)),
    );
    expect(parts.map((part) => unwrap(part).columns[0]?.max)).toEqual(["6", "6", "6"]);
  });

  test("of other texts with the same names stands beside it", async () => {
    const other = [...setup.slice(1), "create table towns as select 't' as town"];
    const part = await rig.write({ form: "query", statement, relations: {}, setup: other }, schema);
    expect(unwrap(part).columns[0]?.max).toBe("2");
  });

  test("that fails is told, and is tried again the next time", async () => {
    const failing = ["create table t as select * from nowhere"];
    for (const _time of [1, 2]) {
      const failure = errorOf(
        await rig.write({ form: "query", statement, relations: {}, setup: failing }, schema),
      );
      expect(failure).toMatchObject({ reason: "engine-failed", engine: "duckdb" });
      expect(failure.message).toContain("nowhere");
    }
  });

  test("that makes something temporary is refused, since other connections would not see it", async () => {
    const temporary = ["create temporary table only_here as select 1 as n"];
    const failure = errorOf(
      await rig.write({ form: "query", statement, relations: {}, setup: temporary }, schema),
    );
    expect(failure.message).toContain("the setup makes only_here temporary");
  });
});

describe("a query that cannot be written", () => {
  let before: readonly string[];
  beforeAll(async () => {
    before = await rig.names();
  });
  afterAll(async () => {
    expect(await rig.names()).toEqual(before);
  });

  test("names the column whose value overflows, and the value", async () => {
    const schema = tableSchema({ ok: integer(), n: integer() });
    const failure = errorOf(await rig.write(queryFrom("select 1 as ok, 3000000000 as n"), schema));
    expect(failure.reason).toBe("row-invalid");
    expect(failure.message).toContain("made: a value of n is no integer: ");
    expect(failure.message).toContain("3000000000");
  });

  test("does not blame a declared column for a cast inside the statement", async () => {
    const schema = tableSchema({ a: integer() });
    const failure = errorOf(
      await rig.write(queryFrom("select       cast(v as int) as a from (values ('x'), ('1')) t(v)"), schema),
    );
    expect(failure.reason).toBe("row-invalid");
    expect(failure.message).toContain("made: a value cannot be converted: ");
    expect(failure.message).toContain("'x'");
  });

  test("says which columns are missing and which may be meant", async () => {
    const schema = tableSchema({ revenue: integer(), day: date() });
    const failure = errorOf(await rig.write(queryFrom("select 1 as revenu, current_date as day"), schema));
    expect(failure).toEqual({
      reason: "row-invalid",
      message: "made: its rows have no revenue.",
      hint: "did you mean revenu?",
    });
  });

  test("may be no query at all", async () => {
    const schema = tableSchema({ n: integer() });
    for (const statement of ["select 1 as n; select 2 as n", "create table t (a int)", "selec 1", ""]) {
      expect(errorOf(await rig.write(queryFrom(statement), schema)).reason).toBe("engine-failed");
    }
  });

  test("is explained by its source where that knows better", async () => {
    const told: string[] = [];
    const failure = {
      reason: "source-row-invalid",
      source: "CSV",
      table: "orders",
      message: "row 7",
    } as const;
    const written = await rig.write(
      {
        form: "query",
        statement: "select error('line 7 ' || range) as n from range(10)",
        relations: {},
        failureOf: async (message) => {
          told.push(message);
          return failure;
        },
      },
      tableSchema({ n: integer() }),
    );
    expect(errorOf(written)).toEqual(failure);
    expect(told).toEqual(["line 7 0"]);
  });

  test("is not kept when its source says that the rows are not those of the snapshot", async () => {
    const failure = {
      reason: "source-unreachable",
      source: "CSV",
      table: "orders",
      message: "changed",
    } as const;
    const written = await rig.write(
      { form: "query", statement: "select 1 as n", relations: {}, verify: async () => failure },
      tableSchema({ n: integer() }),
    );
    expect(errorOf(written)).toEqual(failure);
  });

  test("into a folder that is not there is a failure that names it", async () => {
    const written = await rig.write(queryFrom("select 1 as n"), tableSchema({ n: integer() }), {
      file: `${rig.folder}/nowhere/part.parquet`,
      asset: "sales/day" as AssetKey,
    });
    const failure = errorOf(written);
    expect(failure.reason).toBe("engine-failed");
    expect(failure.message).toContain("while it wrote sales/day");
    expect(failure.message).toContain("nowhere");
  });
});
