import type { AssetGraph } from "../../framework/graph/asset-graph.ts";
import { buildAssetGraph } from "../../framework/graph/build-asset-graph.ts";
import {
  type Asset,
  asset,
  defineProject,
  foreignKeys,
  source,
  sql,
  string,
  table,
} from "../../framework/index.ts";

/**
 * A small shop. Inputs: orders and payments make daily_revenue, which makes monthly_revenue; orders makes
 * warehouse/orders, which makes warehouse/marts/fct_orders. References: customers ← orders ← order_items, payments;
 * sellers ← order_items; people and teams refer to one another, and people to itself.
 */
export function shopGraph(): AssetGraph {
  const shop = source("shop");
  const columns = { id: string(), other_id: string() };
  const copied = (
    key: string,
    options: { readonly tags?: readonly string[]; readonly owner?: string } = {},
  ) =>
    declaredIn(
      `assets/batch/${key}.ts`,
      asset.from(key, shop.table(table(key, { columns })), { group: "batch", ...options }),
    );
  const made = (folder: string, key: string, inputs: Readonly<Record<string, Asset>>, group: string) =>
    declaredIn(
      `assets/${folder}/${key.split("/").at(-1)}.ts`,
      asset.sql(key, {
        inputs,
        columns: { id: string() },
        sql: () => sql`select 1 as id`,
        group,
        tags: key.startsWith("warehouse/") ? ["nightly-load"] : ["nightly", "core"],
        owner: "data team",
      }),
    );

  const customers = copied("customers", { tags: ["core"] });
  const orders = copied("orders", { tags: ["core"], owner: "ana@shop.com" });
  const order_items = copied("order_items");
  const payments = copied("payments");
  const sellers = copied("sellers");
  const people = copied("people");
  const teams = copied("teams");
  const and = copied("and");
  const daily_revenue = made("insights", "daily_revenue", { orders, payments }, "insights");
  const monthly_revenue = made("insights", "monthly_revenue", { daily_revenue }, "insights");
  const loaded_orders = made("warehouse", "warehouse/orders", { orders }, "warehouse");
  const loaded_customers = made("warehouse", "warehouse/customers", { customers }, "warehouse");
  const fct_orders = made("warehouse/marts", "warehouse/marts/fct_orders", { loaded_orders }, "warehouse");
  const zip_index = declaredIn(
    "assets/insights/zip_index.ts",
    asset.run("zip_index", {
      inputs: { customers },
      columns: { id: string() },
      group: "insights",
      async *run() {
        yield { id: "1" };
      },
    }),
  );
  const { graph, diagnostics } = buildAssetGraph(
    defineProject({
      name: "shop",
      assets: [
        ...[customers, orders, order_items, payments, sellers, people, teams, and],
        ...[daily_revenue, monthly_revenue, loaded_orders, loaded_customers, fct_orders, zip_index],
      ],
      relations: foreignKeys({ customers, orders, order_items, payments, sellers, people, teams }, (t) => [
        t.orders.other_id.references(t.customers.id),
        t.order_items.id.references(t.orders.id),
        t.order_items.other_id.references(t.sellers.id),
        t.payments.other_id.references(t.orders.id),
        t.people.other_id.references(t.teams.id),
        t.teams.other_id.references(t.people.id),
        t.people.id.references(t.people.id),
      ]),
    }),
  );
  if (graph === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return graph;
}

/** The asset as if it were declared in another file: what loading a project does to positions. */
function declaredIn<A extends Asset>(file: string, of: A): A {
  return Object.freeze({ ...of, position: { file, line: 1, column: 1 } });
}
