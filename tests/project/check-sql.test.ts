import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ComputeEngine } from "../../framework/definition/compute-port.ts";
import { createDuckdbEngine } from "../../framework/engines/duckdb/create-duckdb-engine.ts";
import { checkSql } from "../../framework/project/check-sql.ts";
import { excerpt } from "../../framework/project/excerpt.ts";
import { configOf, shown, type TemporaryProject, temporaryProject } from "./temporary-project.ts";

const base = `import { alias, asset, date, decimal, integer, sql, string, timestamp } from "#framework";
export const orders = asset.run("orders", {
  inputs: {},
  columns: { order_id: string(), customer_id: string(), at: timestamp(), paid: decimal(10, 2), n: integer() },
  async *run() {},
});
`;

/** A project with one SQL asset, \`revenue\`, of these columns and this statement. */
function revenue(columns: string, statement: string): TemporaryProject {
  return temporaryProject({
    "assets.config.ts": configOf({ "assets/all.ts": ["orders", "revenue"] }),
    "assets/all.ts": `${base}export const used = [alias, date, decimal, string];
export const revenue = asset.sql("revenue", {
  inputs: { orders },
  columns: { ${columns} },
  sql: ({ orders }) => ${statement},
});
`,
  });
}

interface Check {
  readonly faults: readonly string[];
  /** The line of source and the carets below it, for each fault. */
  readonly places: readonly string[];
  readonly asked: number;
}

async function check(project: TemporaryProject): Promise<Check> {
  const { graph, cacheFolder, root } = await project.load();
  const duckdb = createDuckdbEngine({ temporaryFolder: join(root, "tmp") });
  onTestFinished(() => duckdb.close());
  let asked = 0;
  const engine: ComputeEngine = {
    ...duckdb,
    describe: (statement, relations) => {
      asked += 1;
      return duckdb.describe(statement, relations);
    },
  };
  const diagnostics = await checkSql(graph, engine, cacheFolder);
  return {
    faults: diagnostics.map(shown),
    places: diagnostics.map(({ position }) => (position ? excerpt(root, position).join("\n") : "nowhere")),
    asked,
  };
}

const good =
  "sql`select ${orders.at}::date as day, sum(${orders.paid}) as revenue from ${orders} group by 1`";

test("a statement that puts out what is declared has no faults, whatever the order and case of its columns", async () => {
  const { faults } = await check(revenue("revenue: decimal(18, 2), DAY: date()", good));
  expect(faults).toEqual([]);
});

test("columns that are missing, not declared or of another kind are all told", async () => {
  const project = revenue(
    "day: integer(), revenue: decimal(18, 2), customers: integer()",
    "sql`select ${orders.at}::date as day, sum(${orders.paid}) as revenu from ${orders} group by 1`",
  );
  expect((await check(project)).faults).toMatchInlineSnapshot(`
    [
      "sql-column-type assets/all.ts:11:24
    revenue: its statement puts out "day" as DATE, and it declares integer
    write \`cast(… as integer) as day\` if that is what is meant, or declare what the statement gives",
      "sql-column-missing assets/all.ts:11:24
    revenue: its statement puts out no column "revenue", which it declares
    it puts out "revenu": write \`as revenue\` there",
      "sql-column-missing assets/all.ts:11:24
    revenue: its statement puts out no column "customers", which it declares
    it puts out day, revenu; name one of them \`as customers\`",
    ]
  `);
});

test("faults of all assets are told", async () => {
  const project = revenue("day: date()", "sql`select 1 as n from ${orders}`");
  project.edit("assets.config.ts", "[orders, revenue]", "[orders, revenue, other]");
  project.edit("assets.config.ts", "orders, revenue }", "orders, revenue, other }");
  const text = readFileSync(join(project.root, "assets/all.ts"), "utf8");
  const statement = "sql: ({ orders }) => sql`select * fro ${orders}`";
  project.write(
    "assets/all.ts",
    `${text}export const other = asset.sql("other", { inputs: { orders }, columns: { n: integer() }, ${statement} });\n`,
  );
  expect((await check(project)).faults).toMatchInlineSnapshot(`
    [
      "sql-invalid assets/all.ts:13:128
    other: syntax error at or near ""orders""",
      "sql-column-missing assets/all.ts:11:24
    revenue: its statement puts out no column "day", which it declares
    it puts out n; name one of them \`as day\`",
      "sql-column-undeclared assets/all.ts:11:24
    revenue: its statement puts out a column "n" (INTEGER), which it does not declare
    declare it in \`columns\`, or take it out of the select",
    ]
  `);
});

describe("a statement that the engine refuses is shown at the place in the template:", () => {
  test.each([
    ["a column in the template's text", "sql`\n    select order_idd as n\n    from ${orders}`"],
    ["a table in the template's text", "sql`select 1 as n from ${orders} join ordrs using (n)`"],
    ["a parameter", 'sql`select 1 as n, ${sql.ident("nope")} from ${orders}`'],
    ["a syntax error after several parameters", "sql`select ${orders.n}, ${orders.n} as n fron ${orders}`"],
    ["a template inside another", "sql`select ${sql`cast(x as integer)`} as n from ${orders}`"],
    [
      "the second of two equal texts",
      "sql`select ${orders.n} + nope + ${orders.n} + ${sql.raw('1')} as n from ${orders} where ${orders.n} + nope2 + ${orders.n} > 0`",
    ],
    [
      "text after escapes, wide letters and comments in parameters",
      "sql`select '\\u0041\\n\\\\ 日本😀' as x, ${/* } ` */ orders.n} as n, nope from ${orders}`",
    ],
    [
      "a piece that is used more than once",
      'sql.join([1, 2].map((n) => sql`select ${n} as n from ${orders} where nope`), " union all ")',
    ],
    ["text that sql.raw adds", "sql`select ${sql.raw('nope')} as n, ${sql.raw('1')} as m from ${orders}`"],
    ["a function that is not there", "sql`select smu(${orders.n}) as n from ${orders}`"],
  ])("%s", async (_, statement) => {
    const { faults, places } = await check(revenue("n: integer()", statement));
    expect([...faults, ...places].join("\n")).toMatchSnapshot();
  });

  test("files with line ends of another system", async () => {
    const project = revenue("n: integer()", "sql`\n    select 1 as n,\n    nope\n    from ${orders}`");
    const text = readFileSync(join(project.root, "assets/all.ts"), "utf8");
    project.write("assets/all.ts", text.replaceAll("\n", "\r\n"));
    expect((await check(project)).places).toMatchInlineSnapshot(`
      [
        "  13 |     nope
           |     ^^^^",
      ]
    `);
  });
});

describe("what the engine said is kept:", () => {
  test("it is not asked again, and faults keep up with the source", async () => {
    const project = revenue("n: integer()", "sql`select nope as n from ${orders}`");
    const first = await check(project);
    expect(first.asked).toBe(1);
    project.edit("assets/all.ts", "export const used", "\n\nexport const used");
    const second = await check(project);
    expect(second.asked).toBe(0);
    expect(second.places[0]).toContain("  13 |");
    expect(first.places[0]).toContain("  11 |");
  });

  test("until the statement, the columns of an input or the declared columns change", async () => {
    const project = revenue("n: integer()", "sql`select n from ${orders}`");
    await check(project);
    for (const [from, to] of [
      ["select n", "select n + 1 as n"],
      ["paid: decimal(10, 2)", "paid: decimal(12, 2)"],
      ["columns: { n: integer() },\n  sql", "columns: { n: string() },\n  sql"],
    ] as const) {
      project.edit("assets/all.ts", from, to);
      expect((await check(project)).asked).toBe(1);
      expect((await check(project)).asked).toBe(0);
    }
    project.edit("assets/all.ts", "n: string() },\n  sql", "n: integer() },\n  sql");
    expect((await check(project)).asked).toBe(0);
  });

  test("a damaged file is made again", async () => {
    const project = revenue("n: integer()", "sql`select n from ${orders}`");
    const before = await check(project);
    truncateSync(join(project.root, ".assets/cache/sql/described.json"), 30);
    expect(await check(project)).toEqual(before);
    project.write(".assets/cache/sql/described.json", '{"format":1,"answers":{"x":7}}');
    expect(await check(project)).toEqual(before);
  });
});
