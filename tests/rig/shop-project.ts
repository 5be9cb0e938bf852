import { createProjectRig, framework, type ProjectRig } from "./project-rig.ts";

/** A small shop over two CSV files: two copies, two SQL assets in a chain, and a function asset with a helper. */
export const shopFiles: Readonly<Record<string, string>> = {
  "assets.config.ts": `import { csvFolder, defineConfig, generatedTables } from ${JSON.stringify(framework)};
import { project } from "./assets/project.ts";
export const config = defineConfig({
  definitions: project,
  resources: ({ variables }) => ({
    sources: {
      shop: variables.SAMPLE
        ? generatedTables("made-up shop", async () => ({
            setup: [],
            tables: {
              customers: "select 'c' || i as customer_id, 'SP' as state from range(3) t(i)",
              orders: "select 'o' || i as order_id, 'c' || (i % 3) as customer_id, 10.00 as amount, 'paid' as status from range(9) t(i)",
            },
          }))
        : csvFolder("data", { customers: "customers.csv", orders: "orders.csv" }),
    },
  }),
});
`,
  "assets/tables.ts": `import { decimal, foreignKeys, string, table } from ${JSON.stringify(framework)};
export const customers = table("customers", {
  description: "One row per customer.",
  columns: { customer_id: string(), state: string().describe("Where they live.") },
  primaryKey: ["customer_id"],
});
export const orders = table("orders", {
  columns: {
    order_id: string(),
    customer_id: string(),
    amount: decimal(10, 2),
    status: string().oneOf(["paid", "open"]),
  },
  primaryKey: ["order_id"],
});
export const relations = foreignKeys({ customers, orders }, (t) => [
  t.orders.customer_id.references(t.customers.customer_id),
]);
`,
  "assets/shop.ts": `import { asset, source } from ${JSON.stringify(framework)};
import * as tables from "./tables.ts";
const shop = source("shop");
export const customers = asset.from("customers", shop.table(tables.customers), { group: "batch" });
export const orders = asset.from("orders", shop.table(tables.orders), { group: "batch", tags: ["core"] });
`,
  "assets/paid_orders.ts": `import { asset, decimal, sql, string } from ${JSON.stringify(framework)};
import { orders } from "./shop.ts";
export const paid_orders = asset.sql("paid_orders", {
  inputs: { orders },
  columns: { order_id: string(), customer_id: string(), amount: decimal(10, 2) },
  primaryKey: ["order_id"],
  sql: ({ orders }) => sql\`
    select \${orders.order_id}, \${orders.customer_id}, \${orders.amount}
    from \${orders} where \${orders.status} = \${"paid"}\`,
});
`,
  "assets/revenue.ts": `import { asset, decimal, sql, string } from ${JSON.stringify(framework)};
import { paid_orders } from "./paid_orders.ts";
import { customers } from "./shop.ts";
export const revenue = asset.sql("revenue", {
  description: "Revenue by state.",
  inputs: { customers, paid_orders },
  columns: { state: string(), revenue: decimal(18, 2) },
  primaryKey: ["state"],
  sql: ({ customers, paid_orders }) => sql\`
    select \${customers.state}, sum(\${paid_orders.amount}) as revenue
    from \${paid_orders} join \${customers} using (customer_id) group by 1\`,
});
`,
  "assets/rounding.ts": `export const used = (value: number) => Math.round(value);
export const unused = (value: number) => Math.floor(value);
`,
  "assets/big_orders.ts": `import { asset, integer, string } from ${JSON.stringify(framework)};
import { used } from "./rounding.ts";
import { paid_orders } from "./paid_orders.ts";
export const big_orders = asset.run("big_orders", {
  inputs: { paid_orders },
  columns: { order_id: string(), amount: integer() },
  primaryKey: ["order_id"],
  config: { least: 20 },
  async *run({ inputs, config }) {
    for await (const batch of inputs.paid_orders.batches()) {
      for (const { order_id, amount } of batch) {
        if (Number(amount) >= config.least) yield { order_id, amount: used(Number(amount)) };
      }
    }
  },
});
`,
  "assets/project.ts": `import { defineProject } from ${JSON.stringify(framework)};
import { big_orders } from "./big_orders.ts";
import { paid_orders } from "./paid_orders.ts";
import { revenue } from "./revenue.ts";
import { customers, orders } from "./shop.ts";
import { relations } from "./tables.ts";
export const project = defineProject({
  name: "shop",
  assets: [customers, orders, paid_orders, revenue, big_orders],
  relations,
});
`,
  "data/customers.csv": "customer_id,state\nc1,SP\nc2,RJ\n",
  "data/orders.csv": `order_id,customer_id,amount,status
o1,c1,10.00,paid
o2,c1,25.50,paid
o3,c2,40.00,paid
o4,c2,99.00,open
`,
};

export function createShop(changed: Readonly<Record<string, string>> = {}): Promise<ProjectRig> {
  return createProjectRig({ ...shopFiles, ...changed });
}

/** What the plan does about each asset: "run", "reuse", "fresh" or "if-changed", and the reasons' names. */
export async function planned(
  rig: ProjectRig,
  ...words: readonly string[]
): Promise<Readonly<Record<string, string>>> {
  const plan = await rig.json<{
    readonly steps: readonly {
      readonly asset: string;
      readonly make: { readonly do: string };
      readonly reasons: readonly { readonly because: string }[];
    }[];
  }>("plan", ...words);
  return Object.fromEntries(
    plan.steps.map(({ asset, make, reasons }) => [
      asset,
      [make.do, ...reasons.map(({ because }) => because)].join(" "),
    ]),
  );
}
