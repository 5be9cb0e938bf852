import { foreignKeys } from "../framework/index.ts";
import { tables } from "./tables.ts";

/** The foreign keys that must hold. A zip prefix is none of them: some are not in geolocation. */
export const relations = foreignKeys(tables, (t) => [
  t.orders.customer_id.references(t.customers.customer_id),
  t.order_items.order_id.references(t.orders.order_id),
  t.order_items.product_id.references(t.products.product_id),
  t.order_items.seller_id.references(t.sellers.seller_id),
  t.payments.order_id.references(t.orders.order_id),
  t.reviews.order_id.references(t.orders.order_id),
]);

/** What usually finds its counterpart but need not: two categories have never been translated. */
export const lookups = foreignKeys(tables, (t) => [
  t.products.product_category_name.references(t.category_translation.product_category_name, {
    severity: "warning",
  }),
]);
