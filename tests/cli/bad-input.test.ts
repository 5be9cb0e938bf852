import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { CommandResult, ProjectRig } from "../rig/project-rig.ts";
import { createShop, shopFiles } from "../rig/shop-project.ts";

let rig: ProjectRig;
afterEach(() => rig.remove());

/** What was printed, without the parts that differ from run to run. */
function said(result: CommandResult): string {
  return `${result.stdout}${result.stderr}`.replaceAll(rig.folder, "<project>");
}

async function expectNothingPublished(): Promise<void> {
  const { assets } = await rig.json<{ readonly assets: readonly { readonly version: unknown }[] }>("list");
  expect(assets.every(({ version }) => version === null)).toBe(true);
}

describe("faults of a command line exit with 2 and say what would be right", () => {
  it.each([
    ["an unknown asset", ["plan", "--select", "order"], 'no asset "order"', "orders"],
    ["an unknown method", ["plan", "--select", "tg:core"], 'no method "tg"', "tag"],
    [
      "a selection that is empty",
      ["plan", "--select", "orders,customers"],
      "the selection is empty",
      "keep what is in both",
    ],
    ["an unknown command", ["materialise"], "materialise", "--help"],
    ["an unknown option", ["plan", "--selct", "orders"], "selct", "--help"],
    ["an option without its value", ["plan", "--select"], "select", "--help"],
    [
      "a concurrency of nothing",
      ["materialize", "--concurrency", "0"],
      "--concurrency takes a whole number",
      "--help",
    ],
    [
      "an environment that is named twice",
      ["materialize", "--env", "a", "--env", "b"],
      "--env is given 2 times",
      "--help",
    ],
    [
      "an asset without its option",
      ["materialize", "orders"],
      'no option or argument "orders"',
      "--select orders",
    ],
    [
      "an option that is misspelt",
      ["materialize", "--env", "other", "--selct", "orders"],
      "selct",
      "--select",
    ],
    ["a count that is none", ["runs", "--limit", "x"], "--limit takes a whole number", "--help"],
    ["a missing argument", ["explain"], "needs to be told of what", "--help"],
    ["an environment with an odd name", ["plan", "--env", "../prod"], '"../prod" is not the name', "a-z"],
    ["an asset that is not there", ["show", "ordres"], 'no asset "ordres"', "orders"],
    ["inputs that were never made", ["plan", "--select", "revenue"], "were never made", "--select +revenue"],
  ])("%s", async (_name, words, message, remedy) => {
    rig = await createShop();
    const result = await rig.run(...words);
    expect(result.exitCode, said(result)).toBe(2);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain(remedy);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(result.stdout).toBe("");
    expect((await rig.run("runs")).stdout).toContain("no runs yet");
  });

  it("a selection that a state leaves empty is nothing to do", async () => {
    rig = await createShop();
    const result = await rig.run("materialize", "--select", "state:fresh");
    expect(result.stdout).toContain("nothing to do");
    expect(result.exitCode).toBe(0);
  });

  it("a pool in which nothing could ever run", async () => {
    rig = await createShop();
    await rig.edit(
      "assets.config.ts",
      "resources: ({ variables }) => ({",
      "resources: ({ variables }) => ({ pools: { api: 0 },",
    );
    const result = await rig.run("plan");
    expect(result.exitCode, said(result)).toBe(2);
    expect(result.stderr).toContain('the pool "api" is to run 0 steps at once');
    expect(result.stderr).toContain("a whole number from 1");
  });

  it("no project", async () => {
    rig = await createShop({});
    const { rm } = await import("node:fs/promises");
    await rm(join(rig.folder, "assets.config.ts"));
    const result = await rig.run("plan");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("no assets.config.ts in");
    expect(result.stderr).toContain("defineConfig");
  });

  it("a lake path that cannot be a folder", async () => {
    rig = await createShop();
    await rig.write("taken", "a file");
    const result = await rig.runWith({ ASSETS_LAKE: "taken" }, "materialize");
    expect(result.exitCode, said(result)).toBe(2);
    expect(result.stderr).toContain("taken");
    expect(await rig.read("taken")).toBe("a file");
  });
});

describe("faults in definitions are shown together, each with its place", () => {
  it("a cycle of inputs", async () => {
    rig = await createShop({
      "assets/paid_orders.ts": (shopFiles["assets/paid_orders.ts"] ?? "").replace(
        "inputs: { orders }",
        "get inputs() { return { orders, revenue }; }",
      ),
    });
    await rig.edit(
      "assets/paid_orders.ts",
      "import { orders }",
      'import { revenue } from "./revenue.ts";\nimport { orders }',
    );
    const result = await rig.run("plan");
    expect(result.exitCode, said(result)).toBe(2);
    expect(result.stderr).toMatch(/circle|cycle|before/);
  });

  it("two assets of one key, an unknown column and SQL that puts out another type, all at once", async () => {
    rig = await createShop();
    await rig.edit("assets/revenue.ts", '"revenue", {', '"paid_orders", {');
    await rig.edit("assets/big_orders.ts", '"big_orders", {', '"Big Orders", {');
    const result = await rig.run("plan");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('two assets have the key "paid_orders"');
    expect(result.stderr).toContain('"Big Orders" is not an asset key');
    expect(result.stderr).toMatch(/assets\/revenue\.ts:\d+:\d+/);
    expect(result.stderr).toMatch(/assets\/big_orders\.ts:\d+:\d+/);
    expect(result.stderr).toContain("2 faults in the definitions; nothing was run");
  });

  it("SQL that names a column that is not there, at its line and column", async () => {
    rig = await createShop();
    await rig.edit("assets/revenue.ts", "group by 1", "\n    where order_idd = 'x' group by 1");
    const result = await rig.run("plan");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("order_idd");
    const line =
      (await rig.read("assets/revenue.ts")).split("\n").findIndex((text) => text.includes("order_idd")) + 1;
    expect(result.stderr).toContain(`assets/revenue.ts:${line}:11`);
  });

  it("SQL that puts out another type than declared", async () => {
    rig = await createShop();
    await rig.edit("assets/revenue.ts", "as revenue", "|| '' as revenue");
    const result = await rig.run("plan");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/revenue.*decimal\(18,2\)/s);
  });

  it("a module that cannot be parsed", async () => {
    rig = await createShop({ "assets/rounding.ts": "export const used = (value: number => value;\n" });
    const result = await rig.run("plan");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("assets/rounding.ts:1:");
  });
});

describe("bad rows fail the run with their place, and nothing is published", () => {
  it.each([
    [
      "a missing column",
      "data/orders.csv",
      "order_id,customer_id,amount,status",
      "order_id,customer_id,amonut,status",
      ["orders.csv", "amount"],
    ],
    [
      "a value that does not parse",
      "data/orders.csv",
      "25.50",
      '"25,50"',
      ["row 2 of orders.csv", "amount", "25,50", "decimal(10,2)"],
    ],
    ["a quote that is never closed", "data/orders.csv", "o3,c2", '"o3,c2', ["orders.csv", "quote"]],
    ["a short last record", "data/orders.csv", "o4,c2,99.00,open", "o4,c2", ["orders.csv", "4"]],
    [
      "no line end after the last row",
      "data/orders.csv",
      "99.00,open\n",
      "99.00,open",
      ["orders.csv", "line"],
    ],
    ["a null in a key", "data/orders.csv", "o3,c2", ",c2", ["order_id is null in 1 row"]],
    ["a key that is there twice", "data/orders.csv", "o2,c1", "o1,c1", ["order_id not unique"]],
    ["a value that is not accepted", "data/orders.csv", "open", "lost", ["status", "lost"]],
    ["a foreign key without parent", "data/orders.csv", "o4,c2", "o4,c7", ["without parent", "c7"]],
  ] as const)("%s", async (_name, file, from, to, words) => {
    rig = await createShop();
    await rig.edit(file, from, to);
    const result = await rig.run("materialize");
    expect([1, 2], said(result)).toContain(result.exitCode);
    for (const word of words) expect(said(result)).toContain(word);
    expect(said(result)).not.toMatch(/^\s+at /m);
    await rig.write(file, shopFiles[file] ?? "");
    await expectNothingPublished();
    expect((await rig.run("materialize")).exitCode).toBe(0);
  });

  it("a missing file", async () => {
    rig = await createShop();
    const { rm } = await import("node:fs/promises");
    await rm(join(rig.folder, "data/customers.csv"));
    await rm(join(rig.folder, "data/orders.csv"));
    const result = await rig.run("materialize");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("customers.csv");
    expect(result.stderr).toContain("orders.csv");
  });
});

describe("a damaged lake is said to be so", () => {
  async function madeShop(): Promise<void> {
    rig = await createShop();
    expect((await rig.run("materialize")).exitCode).toBe(0);
  }

  it("a corrupt manifest", async () => {
    await madeShop();
    const folder = ".assets/lake/versions/paid_orders";
    const [manifest] = await readdir(join(rig.folder, folder));
    await rig.write(`${folder}/${manifest}`, '{"formatVersion": 1, "asset"');
    await rig.edit("assets/revenue.ts", "group by 1", "group by 1 having true");
    const result = await rig.run("materialize");
    expect(result.exitCode).toBe(1);
    expect(said(result)).toContain(`versions/paid_orders/${manifest}`);
    expect(said(result)).toContain("nothing published");
    const mended = await rig.run("materialize", "--select", "paid_orders", "--force");
    expect(mended.exitCode, said(mended)).toBe(0);
    expect((await rig.run("materialize")).exitCode).toBe(0);
  });

  it("a corrupt Parquet file", async () => {
    await madeShop();
    const folder = ".assets/lake/data/paid_orders";
    const [part] = await readdir(join(rig.folder, folder));
    await rig.write(`${folder}/${part}`, "PAR1 no longer");
    await rig.edit("assets/revenue.ts", "group by 1", "group by 1 having true");
    const result = await rig.run("materialize");
    expect(result.exitCode).toBe(1);
    expect(said(result)).toContain(part);
    expect(said(result)).not.toMatch(/^\s+at /m);
    const mended = await rig.run("materialize", "--select", "paid_orders", "--force");
    expect(mended.exitCode, said(mended)).toBe(0);
    expect((await rig.run("materialize")).exitCode).toBe(0);
  });

  it("a bit that flipped in a file of rows, even where the rows come out the same", async () => {
    await madeShop();
    const folder = ".assets/lake/data/orders";
    const [part = ""] = await readdir(join(rig.folder, folder));
    const path = join(rig.folder, folder, part);
    const bytes = await readFile(path);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await rig.edit("assets/paid_orders.ts", "where", "where 1 = 1 and");
    const result = await rig.run("materialize");
    expect(result.exitCode, said(result)).toBe(1);
    expect(said(result)).toContain(`data/orders/${part} is damaged`);
    expect(said(result)).toContain("--select orders --force");
    // Read again with equal rows, the file that was written is kept, not the one that is damaged.
    const lines = (await rig.read("data/orders.csv")).trimEnd().split("\n");
    await rig.write("data/orders.csv", `${[lines[0], ...lines.slice(1).reverse()].join("\n")}\n`);
    const mended = await rig.run("materialize");
    expect(mended.exitCode, said(mended)).toBe(0);
    const { rows } = await rig.json<{ rows: unknown }>("query", "select order_id from orders order by 1");
    expect(rows).toEqual([["o1"], ["o2"], ["o3"], ["o4"]]);
  });

  it("an environment file of a later format", async () => {
    await madeShop();
    const folder = ".assets/lake/environments";
    for (const file of await readdir(join(rig.folder, folder)))
      await rig.edit(`${folder}/${file}`, '"formatVersion":1', '"formatVersion":9');
    const result = await rig.run("plan");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("environments/dev.json");
    expect(result.stderr).toContain("9");
  });
});

it("what a project's own code prints stays out of the JSON", async () => {
  rig = await createShop();
  await rig.edit("assets/rounding.ts", "export const used", 'console.log("loading");\nexport const used');
  await rig.edit("assets/big_orders.ts", "for await", 'console.log("running");\n    for await');
  const result = await rig.run("materialize", "--json");
  expect(result.exitCode, said(result)).toBe(0);
  for (const line of result.stdout.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("type");
  expect(result.stderr).toContain("loading");
  expect(result.stderr).toContain("running");
});

it("a severity of another tool's, a key without its column and an impossible decimal are found before anything runs", async () => {
  rig = await createShop();
  await rig.edit(
    "assets/tables.ts",
    "references(t.customers.customer_id)",
    'references(t.customers.customer_id, { severity: "error" })',
  );
  await rig.edit("assets/revenue.ts", 'primaryKey: ["state"]', 'primaryKey: ["stat"]');
  await rig.edit("assets/paid_orders.ts", "decimal(10, 2)", "decimal(2, 10)");
  const result = await rig.run("plan");
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('severity "error"');
  expect(result.stderr).toContain('no column "stat"');
  expect(result.stderr).toContain("amount is decimal(2,10)");
});

it("a function that throws is told at its line in the sources", async () => {
  rig = await createShop();
  await rig.edit(
    "assets/big_orders.ts",
    "for await",
    'if (config.least > 0) throw new Error("no luck");\n    for await',
  );
  const result = await rig.run("materialize");
  expect(result.exitCode).toBe(1);
  const line =
    (await rig.read("assets/big_orders.ts")).split("\n").findIndex((text) => text.includes("no luck")) + 1;
  expect(result.stdout).toContain("The function threw: no luck");
  expect(result.stdout).toContain(`assets/big_orders.ts:${line}:`);
  expect(result.stdout).not.toContain(".mjs");
});

it("a failed check is told once, after its rows were made", async () => {
  rig = await createShop();
  await rig.edit("data/orders.csv", "o2,c1", "o1,c1");
  const { stdout } = await rig.run("materialize");
  expect(stdout.split("\n").filter((line) => line.includes("order_id not unique"))).toHaveLength(1);
  expect(stdout).toMatch(/✓ orders +4 rows/);
});

it("an environment of real rows can be looked at when only the sample is left", async () => {
  rig = await createShop();
  await rig.run("materialize");
  for (const words of [["list"], ["show", "orders"], ["explain", "orders"]]) {
    const looked = await rig.runWith({ SAMPLE: "1" }, ...words);
    expect(looked.exitCode, said(looked)).toBe(0);
  }
});
