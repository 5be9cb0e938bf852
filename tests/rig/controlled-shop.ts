import { asset, defineProject, foreignKeys, integer, source, sql, table } from "../../framework/index.ts";
import { type ControlledSource, controlledSource, type TableState } from "./controlled-source.ts";
import type { RigProject } from "./run-rig.ts";

const customers = table("customers", { columns: { id: integer() }, primaryKey: ["id"] });
const orders = table("orders", {
  columns: { id: integer(), customer: integer().nullable() },
  primaryKey: ["id"],
});

export interface ControlledShop extends RigProject {
  readonly shop: ControlledSource;
}

export interface ShopOptions {
  /** How often copies are tried again; not at all unless told. */
  readonly retries?: number;
  readonly severity?: "blocking" | "warning";
  readonly synthetic?: boolean;
  readonly withForeignKey?: boolean;
  /** The source to go on with, in place of a new one. */
  readonly shop?: ControlledSource;
}

/** Copies of customers and orders out of one source, orders → customers, and what is bought by whom, made by SQL. */
export function controlledShop(
  tables: { readonly customers: TableState; readonly orders: TableState },
  options: ShopOptions = {},
): ControlledShop {
  const shop = options.shop ?? controlledSource(tables, { synthetic: options.synthetic ?? false });
  const from = source("shop");
  const policy =
    options.retries === undefined ? {} : { retry: { times: options.retries, wait: "1ms" } as const };
  const customersCopy = asset.from("customers", from.table(customers), policy);
  const ordersCopy = asset.from("orders", from.table(orders), policy);
  const buyers = asset.sql("buyers", {
    inputs: { customers: customersCopy, orders: ordersCopy },
    columns: { id: integer() },
    primaryKey: ["id"],
    sql: ({ customers, orders }) => sql`
      select distinct ${customers.id} from ${customers} join ${orders} on ${orders.customer} = ${customers.id}`,
  });
  const severity = options.severity ?? "blocking";
  const relations = foreignKeys({ customers, orders }, (t) => [
    t.orders.customer.references(t.customers.id, { severity }),
  ]);
  const project = defineProject({
    name: "shop",
    assets: [customersCopy, ordersCopy, buyers],
    relations: options.withForeignKey === false ? [] : relations,
  });
  return { project, sources: { shop }, shop };
}

export function customerRows(...ids: readonly number[]): TableState {
  return { rows: ids.map((id) => ({ id })) };
}

/** Orders numbered from 1, of these customers. */
export function orderRows(...buyers: readonly (number | null)[]): TableState {
  return { rows: buyers.map((customer, index) => ({ id: index + 1, customer })) };
}

/** The same rows under a token that only hints at them. */
export function weakly(state: TableState, token: string): TableState {
  return { ...state, token, strength: "weak" };
}

export const ordersForeignKey = "orders foreign_key(customer→customers)";
