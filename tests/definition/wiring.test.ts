import { describe, expect, it } from "vitest";
import { compileSnippets } from "./compile-snippets.ts";

const prelude = `
import {
  alias, asset, bigint, boolean, type Column, csvFolder, date, decimal, defineConfig, defineProject, double, foreignKeys,
  integer, type RowOf, source, type Sql, sql, string, table, timestamp, type ValueOf,
} from "../../framework/index.ts";
const tables = {
  orders: table("orders", {
    columns: {
      order_id: string({ length: 32 }),
      status: string().oneOf(["created", "delivered"]),
      delivered: timestamp().nullable(),
    },
    primaryKey: ["order_id"],
  }),
  payments: table("payments", { columns: { order_id: string(), value: decimal(10, 2), installments: integer() } }),
};
const shop = source("shop");
const orders = asset.from("orders", shop.table(tables.orders), { group: "batch", timeout: "5m" });
const payments = asset.from("payments", shop.table(tables.payments));
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(proof: Same<A, B>): void => undefined;
`;

const inputs = "inputs: { orders }";
const id = "columns: { id: string() }";
const eachOrder = "for await (const batch of inputs.orders.batches()) for (const order of batch)";

const wrong = {
  columnInSql: `asset.sql("x", { ${inputs}, ${id}, sql: ({ orders }) => sql\`select \${orders.order_idd} from \${orders}\` })`,
  columnOfAlias: `asset.sql("x", { ${inputs}, ${id}, sql: ({ orders }) => sql\`select \${alias(orders, "o").order_idd}\` })`,
  undeclaredInput: `asset.sql("x", { ${inputs}, ${id}, sql: ({ payments }) => sql\`select 1 from \${payments}\` })`,
  undeclaredReader: `asset.run("x", { ${inputs}, ${id}, async *run({ inputs }) { yield { id: String(inputs.order.rows) }; } })`,
  textForSql: `asset.sql("x", { ${inputs}, ${id}, sql: () => "select 1" })`,
  dateInSql: `asset.sql("x", { ${inputs}, ${id}, sql: () => sql\`select \${new Date()}\` })`,
  textForAsset: `asset.sql("x", { inputs: { orders: "orders" }, ${id}, sql: () => sql\`select 1\` })`,
  tableForAsset: `defineProject({ name: "p", assets: [tables.payments] })`,
  tableForSourceTable: `asset.from("x", tables.payments)`,
  textForColumn: `asset.sql("x", { ${inputs}, columns: { id: "string" }, sql: () => sql\`select 1\` })`,
  typeInRow: `asset.run("x", { ${inputs}, columns: { id: string(), n: double() }, async *run({ inputs }) { ${eachOrder} yield { id: 3, n: 1 }; } })`,
  nullInRow: `asset.run("x", { ${inputs}, columns: { at: timestamp() }, async *run({ inputs }) { ${eachOrder} yield { at: order.delivered }; } })`,
  valueInRow: `asset.run("x", { inputs: {}, columns: { state: string().oneOf(["a", "b"]) }, async *run() { yield { state: "c" }; } })`,
  columnMissingInRow: `asset.run("x", { inputs: {}, columns: { id: string(), n: double() }, async *run() { yield { id: "1" }; } })`,
  columnMissingInSomeRows: `asset.run("x", { inputs: {}, columns: { id: string(), n: double() }, async *run() { yield { id: "1" }; yield { id: "1", n: 2 }; } })`,
  columnTooManyInRow: `asset.run("x", { inputs: {}, ${id}, async *run() { yield { id: "1", more: 1 }; } })`,
  listForRow: `asset.run("x", { ${inputs}, ${id}, async *run({ inputs }) { for await (const batch of inputs.orders.batches()) yield batch.map((order) => ({ id: order.order_id })); } })`,
  listForGenerator: `asset.run("x", { inputs: {}, ${id}, run: () => [{ id: "1" }] })`,
  columnOfRow: `asset.run("x", { ${inputs}, ${id}, async *run({ inputs }) { ${eachOrder} yield { id: order.order_idd }; } })`,
  nameInConfig: `asset.run("x", { inputs: {}, ${id}, config: { since: 1 }, async *run({ config }) { yield { id: String(config.sinc) }; } })`,
  dateInConfig: `asset.run("x", { inputs: {}, ${id}, config: { since: new Date() }, async *run() { yield { id: "1" }; } })`,
  typesOfForeignKey: "foreignKeys(tables, (t) => [t.payments.installments.references(t.orders.order_id)])",
  columnOfForeignKey: "foreignKeys(tables, (t) => [t.payments.order_idd.references(t.orders.order_id)])",
  tableOfForeignKey: "foreignKeys(tables, (t) => [t.payment.order_id.references(t.orders.order_id)])",
  columnOfPrimaryKey: `table("x", { ${id}, primaryKey: ["idd"] })`,
  columnOfUnique: `asset.sql("x", { ${inputs}, ${id}, unique: [["idd"]], sql: () => sql\`select 1\` })`,
  option: `asset.from("x", shop.table(tables.orders), { grop: "g" })`,
  optionOfSql: `asset.sql("x", { ${inputs}, ${id}, grop: "g", sql: () => sql\`select 1\` })`,
  optionOfRun: `asset.run("x", { ${inputs}, ${id}, grop: "g", async *run() { yield { id: "1" }; } })`,
  duration: `asset.from("x", shop.table(tables.orders), { timeout: "5 minutes" })`,
  acceptedValue: "string().oneOf([1])",
} as const;

const right = {
  columnNames:
    'const odd = asset.from("odd", shop.table(table("odd", { columns: { as: string(), alias: string(), name: string(), columns: string() } })));\n' +
    `asset.sql("x", { inputs: { odd }, ${id}, sql: ({ odd }) => sql\`select \${odd.as}, \${odd.alias}, \${odd.name}, \${odd.columns}, \${alias(odd, "o").as} from \${odd}\` })`,
  sqlParameters: `const parts: Sql = sql.join([sql.ident('a'), sql.raw('b'), 1, 2n, true, null, 'text'], ' or ');\nsql\`\${parts} \${1} \${2n} \${false} \${null} \${'text'}\``,
  typesOfValues:
    "same<RowOf<typeof orders.columns>, { readonly order_id: string; readonly status: 'created' | 'delivered'; readonly delivered: bigint | null }>(true);\n" +
    "const all = { b: bigint(), o: boolean(), d: date(), m: decimal(3, 1), f: double(), i: integer(), s: string(), t: timestamp(), n: integer().nullable().describe('n') };\n" +
    "same<RowOf<typeof all>, { readonly b: bigint; readonly o: boolean; readonly d: string; readonly m: string; readonly f: number; readonly i: number; readonly s: string; readonly t: bigint; readonly n: number | null }>(true)",
  oneOfNarrowsAndKeepsNull:
    "const state = string().nullable().oneOf(['a', 'b']);\nsame<ValueOf<typeof state>, 'a' | 'b' | null>(true)",
  rowsOfInputs: `asset.run("x", { inputs: { orders, again: orders }, columns: { id: string(), at: timestamp().nullable() }, async *run({ inputs, signal, log }) { log(String(signal.aborted)); for await (const batch of inputs.again.batches()) yield* batch.map((order) => ({ id: order.status, at: order.delivered })); } })`,
  rowsOfTheSameColumns: `asset.run("x", { ${inputs}, columns: tables.orders.columns, async *run({ inputs }) { for await (const batch of inputs.orders.batches()) yield* batch; } })`,
  valuesOfOneOf: `asset.run("x", { inputs: {}, columns: { state: string().oneOf(["a", "b"]) }, async *run() { yield { state: "a" }; yield { state: Math.random() > 1 ? "a" : "b" }; } })`,
  rowsFromElsewhere: `async function* rows() { yield { id: "1" }; }\nasset.run("x", { inputs: {}, ${id}, run: () => rows() });\nasset.run("y", { inputs: {}, ${id}, run: rows })`,
  rowsOfAnyType: `asset.run("x", { inputs: {}, ${id}, async *run() { yield JSON.parse("{}"); } })`,
  noRows: `asset.run("x", { inputs: {}, ${id}, async *run() {} })`,
  configOfRun: `asset.run("x", { inputs: {}, columns: { n: integer() }, config: { precision: 3, states: ["SP", "RJ"] }, async *run({ config }) { same<typeof config.precision, 3>(true); same<typeof config.states, readonly ["SP", "RJ"]>(true); yield { n: config.precision }; } })`,
  withoutConfig: `asset.run("x", { inputs: {}, ${id}, async *run({ config }) { same<typeof config, null>(true); yield { id: "1" }; } })`,
  keyAndColumnsOfAnAsset: `same<typeof orders.key, 'orders'>(true);\nconst made = asset.sql('daily/orders', { inputs: { orders }, columns: { n: bigint() }, sql: ({ orders }) => sql\`select count(*) as n from \${orders}\` });\nsame<typeof made.key, 'daily/orders'>(true);\nsame<typeof made.columns, { n: Column<bigint, false> }>(true)`,
  foreignKeys:
    "foreignKeys(tables, (t) => [t.payments.order_id.references(t.orders.order_id, { severity: 'warning' })]);\nforeignKeys({ orders }, (t) => [t.orders.order_id.references(t.orders.order_id)])",
  config:
    "export const config = defineConfig({ definitions: defineProject({ name: 'shop', assets: [orders, payments] }), resources: ({ variables }) => ({ sources: { shop: csvFolder(variables['DIR'] ?? '.', { orders: 'orders.csv' }) } }) })",
} as const;

const errors = compileSnippets(prelude, { ...wrong, ...right });
const errorsOf = (name: keyof typeof wrong): string => (errors[name] ?? []).join("\n\n");

describe("right wiring compiles", () => {
  it.each(Object.keys(right))("%s", (name) => {
    expect(errors[name]).toEqual([]);
  });
});

describe("wrong wiring does not compile", () => {
  it("an unknown column in SQL names the near one", () => {
    expect(errorsOf("columnInSql")).toMatchInlineSnapshot(
      `"order_idd <- Property 'order_idd' does not exist on type 'Relation<{ order_id: Column<string, false>; status: Column<"created" | "delivered", false>; delivered: Column<bigint, true>; }>'. Did you mean 'order_id'?"`,
    );
  });

  it("an unknown column of an alias names the near one", () => {
    expect(errorsOf("columnOfAlias")).toMatchInlineSnapshot(
      `"order_idd <- Property 'order_idd' does not exist on type 'Relation<{ order_id: Column<string, false>; status: Column<"created" | "delivered", false>; delivered: Column<bigint, true>; }>'. Did you mean 'order_id'?"`,
    );
  });

  it("an input that is not declared, in SQL", () => {
    expect(errorsOf("undeclaredInput")).toMatchInlineSnapshot(
      `"payments <- Property 'payments' does not exist on type 'RelationsOf<{ readonly orders: Asset<"orders", { order_id: Column<string, false>; status: Column<"created" | "delivered", false>; delivered: Column<bigint, true>; }>; }>'."`,
    );
  });

  it("an input that is not declared, in a function", () => {
    expect(errorsOf("undeclaredReader")).toMatchInlineSnapshot(
      `"order <- Property 'order' does not exist on type 'ReadersOf<{ readonly orders: Asset<"orders", { order_id: Column<string, false>; status: Column<"created" | "delivered", false>; delivered: Column<bigint, true>; }>; }>'. Did you mean 'orders'?"`,
    );
  });

  it("a text in place of SQL", () => {
    expect(errorsOf("textForSql")).toMatchInlineSnapshot(
      `""select 1" <- Type 'string' is not assignable to type 'Sql'."`,
    );
  });

  it("a Date as a parameter of SQL", () => {
    expect(errorsOf("dateInSql")).toMatchInlineSnapshot(
      `"new Date() <- Argument of type 'Date' is not assignable to parameter of type 'SqlParameter'."`,
    );
  });

  it("a text in place of an asset", () => {
    expect(errorsOf("textForAsset")).toMatchInlineSnapshot(
      `"orders <- Type 'string' is not assignable to type 'Asset<string, Readonly<Record<string, Column<unknown, boolean>>>>'."`,
    );
  });

  it("a table in place of an asset", () => {
    expect(errorsOf("tableForAsset")).toMatchInlineSnapshot(
      `"tables.payments <- Type 'Table<"payments", { order_id: Column<string, false>; value: Column<string, false>; installments: Column<number, false>; }>' is missing the following properties from type 'Asset<string, Readonly<Record<string, Column<unknown, boolean>>>>': key, group, tags, owner, and 4 more."`,
    );
  });

  it("a table in place of a source's table", () => {
    expect(errorsOf("tableForSourceTable")).toMatchInlineSnapshot(`
      "tables.payments <- Argument of type 'Table<"payments", { order_id: Column<string, false>; value: Column<string, false>; installments: Column<number, false>; }>' is not assignable to parameter of type 'SourceTable<Readonly<Record<string, Column<unknown, boolean>>>>'.
        Type 'Table<"payments", { order_id: Column<string, false>; value: Column<string, false>; installments: Column<number, false>; }>' is missing the following properties from type 'SourceTable<Readonly<Record<string, Column<unknown, boolean>>>>': source, table"
    `);
  });

  it("a text in place of a column", () => {
    expect(errorsOf("textForColumn")).toMatchInlineSnapshot(
      `"id <- Type 'string' is not assignable to type 'Column<unknown, boolean>'."`,
    );
  });

  it("a row with a wrong type is told at the column", () => {
    expect(errorsOf("typeInRow")).toMatchInlineSnapshot(`
      "id <- Type 'Column<string, false>' is not assignable to type 'Column<string, false> & "run yields a number in this column"' with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined' to the types of the target's properties.
        Type 'Column<string, false>' is not assignable to type '"run yields a number in this column"'."
    `);
  });

  it("a null in a column that cannot be null is told at the column", () => {
    expect(errorsOf("nullInRow")).toMatchInlineSnapshot(`
      "at <- Type 'Column<bigint, false>' is not assignable to type 'Column<bigint, false> & "run yields null in this column"' with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined' to the types of the target's properties.
        Type 'Column<bigint, false>' is not assignable to type '"run yields null in this column"'."
    `);
  });

  it("a value that is not accepted is told at the column", () => {
    expect(errorsOf("valueInRow")).toMatchInlineSnapshot(`
      "state <- Type 'Column<"a" | "b", false>' is not assignable to type 'Column<"a" | "b", false> & "run yields \\"c\\" in this column"' with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined' to the types of the target's properties.
        Type 'Column<"a" | "b", false>' is not assignable to type '"run yields \\"c\\" in this column"'."
    `);
  });

  it("a row that lacks a column is told at the column", () => {
    expect(errorsOf("columnMissingInRow")).toMatchInlineSnapshot(`
      "n <- Type 'Column<number, false>' is not assignable to type 'Column<number, false> & "run does not yield this column"' with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined' to the types of the target's properties.
        Type 'Column<number, false>' is not assignable to type '"run does not yield this column"'."
    `);
  });

  it("a column that some rows lack is told at the column", () => {
    expect(errorsOf("columnMissingInSomeRows")).toMatchInlineSnapshot(`
      "n <- Type 'Column<number, false>' is not assignable to type 'Column<number, false> & "run yields undefined in this column"' with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined' to the types of the target's properties.
        Type 'Column<number, false>' is not assignable to type '"run yields undefined in this column"'."
    `);
  });

  it("a row with a column that is not declared", () => {
    expect(errorsOf("columnTooManyInRow")).toMatchInlineSnapshot(`
      "columns <- Type '{ id: Column<string, false>; }' is not assignable to type '{ readonly id: Column<string, false>; } & Declared<NoInfer<{ readonly id: "1"; readonly more: 1; }>, NoInfer<{ ...; }>> & Undeclared<...>'.
        Property 'more' is missing in type '{ id: Column<string, false>; }' but required in type 'Undeclared<NoInfer<{ readonly id: "1"; readonly more: 1; }>, NoInfer<{ readonly id: Column<...>; }>>'."
    `);
  });

  it("a batch yielded as one row", () => {
    expect(errorsOf("listForRow")).toMatchInlineSnapshot(`
      "columns <- Type '{ id: Column<string, false>; }' is not assignable to type '{ readonly id: Column<string, false>; } & "run yields lists: it must yield rows one by one, as yield* does"'.
        Type '{ id: Column<string, false>; }' is not assignable to type '"run yields lists: it must yield rows one by one, as yield* does"'."
    `);
  });

  it("a list in place of a generator", () => {
    expect(errorsOf("listForGenerator")).toMatchInlineSnapshot(
      `"[{ id: "1" }] <- Type '{ id: string; }[]' is missing the following properties from type 'AsyncGenerator<unknown, void, void>': next, return, throw, [Symbol.asyncIterator], [Symbol.asyncDispose]"`,
    );
  });

  it("an unknown column of an input's row names the near one", () => {
    expect(errorsOf("columnOfRow")).toMatchInlineSnapshot(
      `"order_idd <- Property 'order_idd' does not exist on type 'RowOf<{ order_id: Column<string, false>; status: Column<"created" | "delivered", false>; delivered: Column<bigint, true>; }>'. Did you mean 'order_id'?"`,
    );
  });

  it("an unknown name in config", () => {
    expect(errorsOf("nameInConfig")).toMatchInlineSnapshot(
      `"sinc <- Property 'sinc' does not exist on type '{ readonly since: 1; }'. Did you mean 'since'?"`,
    );
  });

  it("a Date in config", () => {
    expect(errorsOf("dateInConfig")).toMatchInlineSnapshot(`
      "config <- Type '{ since: Date; }' is not assignable to type 'Json'.
        Types of property 'since' are incompatible.
          Type 'Date' is not assignable to type 'Json | undefined'.
            Type 'Date' is not assignable to type '{ readonly [name: string]: Json; }'.
              Index signature for type 'string' is missing in type 'Date'."
    `);
  });

  it("a foreign key between different types", () => {
    expect(errorsOf("typesOfForeignKey")).toMatchInlineSnapshot(`
      "t.orders.order_id <- Argument of type 'ColumnReference<string>' is not assignable to parameter of type 'ColumnReference<number>' with 'exactOptionalPropertyTypes: true'. Consider adding 'undefined' to the types of the target's properties.
        Type 'string' is not assignable to type 'number'."
    `);
  });

  it("a foreign key of an unknown column names the near one", () => {
    expect(errorsOf("columnOfForeignKey")).toMatchInlineSnapshot(
      `"order_idd <- Property 'order_idd' does not exist on type '{ readonly order_id: ColumnReference<string>; readonly value: ColumnReference<string>; readonly installments: ColumnReference<number>; }'. Did you mean 'order_id'?"`,
    );
  });

  it("a foreign key of an unknown table names the near one", () => {
    expect(errorsOf("tableOfForeignKey")).toMatchInlineSnapshot(
      `"payment <- Property 'payment' does not exist on type 'References<{ orders: Table<"orders", { order_id: Column<string, false>; status: Column<"created" | "delivered", false>; delivered: Column<bigint, true>; }>; payments: Table<...>; }>'. Did you mean 'payments'?"`,
    );
  });

  it("a primary key of an unknown column", () => {
    expect(errorsOf("columnOfPrimaryKey")).toMatchInlineSnapshot(
      `""idd" <- Type '"idd"' is not assignable to type '"id"'."`,
    );
  });

  it("a unique set with an unknown column", () => {
    expect(errorsOf("columnOfUnique")).toMatchInlineSnapshot(
      `""idd" <- Type '"idd"' is not assignable to type '"id"'."`,
    );
  });

  it("an unknown option names the near one", () => {
    expect(errorsOf("option")).toMatchInlineSnapshot(
      `"grop <- Object literal may only specify known properties, but 'grop' does not exist in type 'AssetOptions'. Did you mean to write 'group'?"`,
    );
  });

  it("an unknown option of a SQL asset names the near one", () => {
    expect(errorsOf("optionOfSql")).toMatchInlineSnapshot(
      `"grop <- Object literal may only specify known properties, but 'grop' does not exist in type 'SqlAssetOptions<{ readonly orders: Asset<"orders", { order_id: Column<string, false>; status: Column<"created" | "delivered", false>; delivered: Column<bigint, true>; }>; }, { ...; }>'. Did you mean to write 'group'?"`,
    );
  });

  it("an unknown option of a function asset names the near one", () => {
    expect(errorsOf("optionOfRun")).toMatchInlineSnapshot(
      `"grop <- Object literal may only specify known properties, but 'grop' does not exist in type 'FunctionAssetOptions<{ readonly orders: Asset<"orders", { order_id: Column<string, false>; status: Column<"created" | "delivered", false>; delivered: Column<bigint, true>; }>; }, { ...; }, null, { ...; }> & { ...; }'. Did you mean to write 'group'?"`,
    );
  });

  it("a duration that is none", () => {
    expect(errorsOf("duration")).toMatchInlineSnapshot(
      `"timeout <- Type '"5 minutes"' is not assignable to type '\`\${number}ms\` | \`\${number}s\` | \`\${number}m\` | \`\${number}h\` | undefined'."`,
    );
  });

  it("an accepted value of another type", () => {
    expect(errorsOf("acceptedValue")).toMatchInlineSnapshot(
      `"1 <- Type 'number' is not assignable to type 'string'."`,
    );
  });
});
