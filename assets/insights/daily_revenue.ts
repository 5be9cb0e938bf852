import { asset, bigint, date, decimal, sql } from "../../framework/index.ts";
import { orders } from "../batch/orders.ts";
import { payments } from "../batch/payments.ts";

export const daily_revenue = asset.sql("daily_revenue", {
  description: "What customers paid on each day for orders that were neither canceled nor unavailable.",
  group: "insights",
  tags: ["revenue"],
  inputs: { orders, payments },
  columns: {
    day: date().describe("Day of purchase; a day without such orders has no row."),
    orders: bigint().describe("How many orders were placed."),
    revenue: decimal(18, 2).describe("Sum of their payments in Brazilian reais."),
  },
  primaryKey: ["day"],
  sql: ({ orders, payments }) => sql`
    select
      ${orders.order_purchase_timestamp}::date as day,
      count(distinct ${orders.order_id}) as orders,
      sum(${payments.payment_value}) as revenue
    from ${orders}
    join ${payments} on ${payments.order_id} = ${orders.order_id}
    where ${orders.order_status} not in ('canceled', 'unavailable')
    group by 1`,
});
