import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { buildAssetGraph } from "../../framework/graph/build-asset-graph.ts";
import {
  type Asset,
  asset,
  type Definitions,
  defineProject,
  foreignKeys,
  source,
  sql,
  string,
  table,
} from "../../framework/index.ts";
import { printGraph } from "./print-graph.ts";

vi.setConfig({ testTimeout: 60_000 });

const shop = source("shop");
const columns = { id: string(), other_id: string() };
const copy = (key: string) => asset.from(key, shop.table(table(key, { columns })));
const made = (key: string, inputs: Readonly<Record<string, Asset>>) =>
  asset.sql(key, { inputs, columns: { id: string() }, sql: () => sql`select 1 as id` });
const project = (assets: readonly Asset[], relations: Definitions["relations"] = []) =>
  defineProject({ name: "shop", assets, relations });

/** The graph as text, or its diagnostics as `code: message (hint)`. */
function build(definitions: Definitions): string {
  const { graph, diagnostics } = buildAssetGraph(definitions);
  if (graph !== undefined) return printGraph(graph);
  return diagnostics
    .map(
      ({ code, message, hint = "" }) => `${code}: ${message} (${hint.replace(/\S+\.test\.ts:\d+/, "FILE")})`,
    )
    .join("\n");
}

describe("a graph", () => {
  it("holds assets in order, their inputs by name, and foreign keys as references", () => {
    const [customers, orders, payments] = [copy("customers"), copy("orders"), copy("payments")];
    const daily = made("daily", { payments, o: orders });
    const yearly = made("yearly", { daily });
    const index = asset.run("index", {
      inputs: { customers },
      columns: { id: string() },
      async *run() {
        yield { id: "1" };
      },
    });
    const relations = foreignKeys({ orders, customers, payments }, (t) => [
      t.payments.other_id.references(t.orders.id),
      t.orders.other_id.references(t.customers.id),
    ]);
    expect(
      build(project([yearly, index, daily, payments, orders, customers], relations)),
    ).toMatchInlineSnapshot(`
      "customers (copy)
      orders (copy) ~ other_id→customers.id
      payments (copy) ~ other_id→orders.id
      daily (sql) ← o=orders payments
      index (function) ← customers
      yearly (sql) ← daily"
    `);
  });

  it("is the same whatever order the assets are listed in", () => {
    const [a, b] = [copy("a"), copy("b")];
    const [c, d] = [made("c", { a, b }), made("d", { a })];
    const e = made("w/e", { c, d });
    const expected = build(project([a, b, c, d, e]));
    fc.assert(
      fc.property(fc.shuffledSubarray([a, b, c, d, e], { minLength: 5 }), (assets) => {
        expect(build(project(assets))).toBe(expected);
      }),
    );
  });

  it("has the edges of inputs and references apart, also where both join the same two assets", () => {
    const [a, b] = [copy("a"), copy("b")];
    const c = made("c", { first: a, second: a });
    const relations = foreignKeys({ a, c }, (t) => [t.c.id.references(t.a.id)]);
    const { graph } = buildAssetGraph(project([a, b, c], relations));
    expect(graph?.edges.mapEdges((edge, { kind }, from, to) => `${edge}: ${from} ${kind} ${to}`)).toEqual([
      "input:c:first: a input c",
      "input:c:second: a input c",
      "reference:c:foreign_key(id→a): a reference c",
    ]);
  });

  it("may have references to oneself and in circles, which give no order", () => {
    const [people, teams] = [copy("people"), copy("teams")];
    const relations = foreignKeys({ people, teams }, (t) => [
      t.people.id.references(t.people.id),
      t.people.other_id.references(t.teams.id),
      t.teams.other_id.references(t.people.id),
    ]);
    expect(build(project([teams, people], relations))).toMatchInlineSnapshot(`
      "people (copy) ~ id→people.id other_id→teams.id
      teams (copy) ~ other_id→people.id"
    `);
  });

  it("joins tables by a foreign key only where both are copied from the same source", () => {
    const [orders, customers, sellers] = ["orders", "customers", "sellers"].map((name) =>
      table(name, { columns }),
    );
    if (!orders || !customers || !sellers) throw new Error("no tables");
    const archive = source("archive");
    const relations = foreignKeys({ orders, customers, sellers }, (t) => [
      t.orders.other_id.references(t.customers.id),
      t.orders.id.references(t.sellers.id),
    ]);
    const assets = [
      asset.from("orders", shop.table(orders)),
      asset.from("customers", shop.table(customers)),
      asset.from("old/orders", archive.table(orders)),
      asset.from("old/customers", archive.table(customers)),
    ];
    expect(build(project(assets, relations))).toMatchInlineSnapshot(`
      "customers (copy)
      old/customers (copy)
      old/orders (copy) ~ other_id→old/customers.id
      orders (copy) ~ other_id→customers.id"
    `);
  });

  it("has a foreign key that is declared twice alike, and a key that is also unique, once", () => {
    const orders = asset.from(
      "orders",
      shop.table(table("orders", { columns, primaryKey: ["id"], unique: [["id"]] })),
    );
    const customers = copy("customers");
    const relations = foreignKeys({ orders, customers }, (t) => [
      t.orders.other_id.references(t.customers.id),
      t.orders.other_id.references(t.customers.id),
    ]);
    const { graph, diagnostics } = buildAssetGraph(project([orders, customers], relations));
    expect(diagnostics).toEqual([]);
    expect(
      graph?.assets.get(graph.order[1] ?? (graph.order[0] as never))?.checks.map(({ id }) => id),
    ).toEqual(["not_null(id)", "not_null(other_id)", "unique(id)", "foreign_key(other_id→customers)"]);
  });

  it("without assets is empty", () => {
    expect(build(project([]))).toBe("");
  });
});

describe("faults are collected:", () => {
  /** An asset whose inputs can be completed once others exist, which only mutation can do. */
  const open = (key: string) => {
    const inputs: Record<string, Asset> = {};
    return { inputs, asset: made(key, inputs) };
  };

  it("a circle of inputs is shown as it runs, from upstream to downstream", () => {
    const [a, b, c] = [open("a"), open("b"), open("c")];
    b.inputs["a"] = a.asset;
    c.inputs["b"] = b.asset;
    a.inputs["c"] = c.asset;
    expect(build(project([c.asset, a.asset, b.asset]))).toMatchInlineSnapshot(
      `"input-cycle: assets are made from one another in a circle: a → b → c → a (take one of these inputs away; a foreign key needs no input, it is declared as a relation)"`,
    );
  });

  it("the same circle is shown, in the same way, whatever order assets and inputs are listed in", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
        (listing, edgeOrder) => {
          const assets = ["a", "b", "c", "d", "e"].map(open);
          // Two circles, b → c → d → b and c → e → c, that are reached from a.
          const edges = [
            ["b", "c"],
            ["c", "d"],
            ["d", "b"],
            ["c", "e"],
            ["e", "c"],
            ["d", "a"],
            ["e", "a"],
          ];
          for (const [name, at] of edgeOrder.entries()) {
            const [from, to] = edges[at] ?? [];
            const upstream = assets.find(({ asset }) => asset.key === from)?.asset;
            const downstream = assets.find(({ asset }) => asset.key === to);
            if (upstream && downstream) downstream.inputs[`input_${name}`] = upstream;
          }
          const listed = listing.flatMap((at) => assets[at]?.asset ?? []);
          const { diagnostics } = buildAssetGraph(project(listed));
          expect(diagnostics.map(({ message }) => message)).toEqual([
            "assets are made from one another in a circle: d → b → c → d",
          ]);
        },
      ),
    );
  });

  it("an asset that is its own input is the least circle", () => {
    const a = open("a");
    a.inputs["itself"] = a.asset;
    expect(build(project([a.asset]))).toMatchInlineSnapshot(
      `"input-cycle: assets are made from one another in a circle: a → a (take one of these inputs away; a foreign key needs no input, it is declared as a relation)"`,
    );
  });

  it("two assets of one key are named with the place of the other", () => {
    const { diagnostics } = buildAssetGraph(project([copy("orders"), copy("orders"), copy("orders")]));
    expect(diagnostics).toEqual(
      [1, 2].map(() => ({
        code: "key-duplicate",
        severity: "error",
        message: 'two assets have the key "orders"',
        hint: expect.stringMatching(
          /^the other is declared at .*build-asset-graph\.test\.ts:\d+; give one of/,
        ),
        position: {
          file: expect.stringMatching(/test\.ts$/),
          line: expect.any(Number),
          column: expect.any(Number),
        },
      })),
    );
  });

  it("an asset that is listed twice is one asset, and its faults are told once", () => {
    const bad = copy("Orders");
    expect(build(project([bad, bad]))).toMatchInlineSnapshot(
      `"key-invalid: "Orders" is not an asset key (a key is made of segments like orders or daily_revenue (a-z, 0-9, _), joined by /, 200 characters at most)"`,
    );
    const good = copy("orders");
    expect(build(project([good, good]))).toBe("orders (copy)");
  });

  it("an input that the project does not list, or that is no asset, is a fault and no crash", () => {
    const unlisted = copy("unlisted");
    const inputs = {
      unlisted,
      missing: undefined,
      nothing: null,
      table: shop.table(table("t", { columns })),
    };
    const daily = asset.sql("daily", {
      inputs: inputs as unknown as { readonly missing: Asset<"missing", typeof columns> },
      columns: { id: string() },
      sql: ({ missing }) => sql`select ${missing.id} from ${missing}`,
    });
    const run = asset.run("index", {
      inputs: { unlisted },
      columns: { id: string() },
      async *run() {
        yield { id: "1" };
      },
    });
    expect(build(project([daily, run]))).toMatchInlineSnapshot(`
      "input-unknown: daily: input "unlisted" is the asset "unlisted", which the project does not list (add it to \`assets\` in defineProject)
      input-unknown: daily: input "missing" is not an asset (an input is an asset itself, imported from the module that declares it (a cycle of imports leaves it undefined))
      input-unknown: daily: input "nothing" is not an asset (an input is an asset itself, imported from the module that declares it (a cycle of imports leaves it undefined))
      input-unknown: daily: input "table" is not an asset (an input is an asset itself, imported from the module that declares it (a cycle of imports leaves it undefined))
      input-unknown: index: input "unlisted" is the asset "unlisted", which the project does not list (add it to \`assets\` in defineProject)"
    `);
  });

  it("something in the list that is no asset is named by its number", () => {
    const assets = [copy("orders"), undefined, null] as unknown as readonly Asset[];
    expect(build(project(assets))).toMatchInlineSnapshot(`
      "asset-unknown: number 2 of the project's assets is not an asset (list what asset.from, asset.sql or asset.run gives (a cycle of imports leaves it undefined))
      asset-unknown: number 3 of the project's assets is not an asset (list what asset.from, asset.sql or asset.run gives (a cycle of imports leaves it undefined))"
    `);
  });

  it("a foreign key of an asset that is not listed, or that contradicts another", () => {
    const [orders, customers, ghost] = [copy("orders"), copy("customers"), copy("ghost")];
    const relations = foreignKeys({ orders, customers, ghost }, (t) => [
      t.orders.id.references(t.ghost.id),
      t.orders.other_id.references(t.customers.id),
      t.orders.other_id.references(t.customers.other_id),
      t.orders.other_id.references(t.customers.id, { severity: "warning" }),
    ]);
    expect(build(project([orders, customers], relations))).toMatchInlineSnapshot(`
      "reference-unknown: a foreign key joins orders.id and ghost.id, but the project does not list the asset "ghost" (add it to \`assets\` in defineProject, or take the foreign key away)
      reference-ambiguous: two foreign keys lead from orders (other_id) to customers and differ (leave one of them: the same columns lead to one key of an asset, with one severity)
      reference-ambiguous: two foreign keys lead from orders (other_id) to customers and differ (leave one of them: the same columns lead to one key of an asset, with one severity)"
    `);
  });

  it("a statement that names no column, returns no SQL or throws", () => {
    const orders = copy("orders");
    const of = (key: string, statement: unknown) =>
      asset.sql(key, {
        inputs: { orders },
        columns: { id: string() },
        sql: statement as () => ReturnType<typeof sql>,
      });
    const definitions = project([
      orders,
      of("a", ({ orders }: { orders: Record<string, never> }) => sql`select ${orders["idd"] ?? 1}`),
      of("b", () => "select 1"),
      of("c", () => {
        throw new Error("no luck");
      }),
      copy("Bad Key"),
    ]);
    expect(build(definitions)).toMatchInlineSnapshot(`
      "key-invalid: "Bad Key" is not an asset key (a key is made of segments like orders or daily_revenue (a-z, 0-9, _), joined by /, 200 characters at most)
      column-unknown: a: orders has no column "idd" (did you mean id?)
      sql-invalid: b: does not return SQL (return what a sql\`…\` template gives)
      sql-invalid: c: no luck ()"
    `);
  });
});

it("a chain of 5,000 assets and one asset of as many inputs are built, neither overflowing nor hanging", () => {
  const chain: Asset[] = [copy("c0")];
  for (let at = 1; at < 5_000; at++) chain.push(made(`c${at}`, { before: chain[at - 1] ?? copy("c0") }));
  const wide = made("all", Object.fromEntries(chain.map((each) => [each.key, each])));
  const { graph } = buildAssetGraph(project([wide, ...chain.reverse()]));
  expect(graph?.order.slice(0, 3)).toEqual(["c0", "c1", "c2"]);
  expect(graph?.order.length).toBe(5_001);
});
