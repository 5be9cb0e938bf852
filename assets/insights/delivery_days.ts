import { asset, bigint, decimal, sql, string } from "../../framework/index.ts";
import { customers } from "../batch/customers.ts";
import { orders } from "../batch/orders.ts";

// Sums are of whole seconds, never of doubles: doubles would add up to another last digit with each order of the rows,
// and a result that is made twice from equal rows must be equal.
export const delivery_days = asset.sql("delivery_days", {
  description: "How long parcels take from purchase to the customer, by the customer's state.",
  group: "insights",
  tags: ["delivery"],
  inputs: { customers, orders },
  columns: {
    customer_state: string({ length: 2 }).describe("State of the customer, as its two-letter code."),
    orders: bigint().describe("How many orders reached their customer."),
    average_days: decimal(8, 2).describe("Mean time from purchase to delivery, in days of 24 hours."),
    median_days: decimal(8, 2).describe("Half of the orders took no longer than this, in days of 24 hours."),
    late_share: decimal(5, 4).describe("Share of orders that came after the promised day, from 0 to 1."),
  },
  primaryKey: ["customer_state"],
  sql: ({ customers, orders }) => sql`
    with delivered as (
      select
        ${customers.customer_state} as customer_state,
        datediff('second', ${orders.order_purchase_timestamp}, ${orders.order_delivered_customer_date}) as seconds,
        ${orders.order_delivered_customer_date}::date > ${orders.order_estimated_delivery_date}::date as late
      from ${orders}
      join ${customers} on ${customers.customer_id} = ${orders.customer_id}
      where ${orders.order_delivered_customer_date} is not null
    )
    select
      customer_state,
      count(*) as orders,
      (sum(seconds) / count(*) / 86400)::decimal(8, 2) as average_days,
      (median(seconds) / 86400)::decimal(8, 2) as median_days,
      (count(*) filter (where late) / count(*))::decimal(5, 4) as late_share
    from delivered
    group by 1`,
});
