import { asset, bigint, decimal, sql, string } from "../../framework/index.ts";
import { order_items } from "../batch/order_items.ts";
import { orders } from "../batch/orders.ts";
import { reviews } from "../batch/reviews.ts";
import { sellers } from "../batch/sellers.ts";

export const seller_scorecard = asset.sql("seller_scorecard", {
  description: "How each seller does: orders, revenue, what customers say, and how often parcels are late.",
  group: "insights",
  tags: ["sellers"],
  inputs: { order_items, orders, reviews, sellers },
  columns: {
    seller_id: string({ length: 32 }).describe("The seller; those who never sold have a row too."),
    seller_state: string({ length: 2 }).describe("State of the seller, as its two-letter code."),
    orders: bigint().describe("How many orders hold at least one of the seller's items."),
    revenue: decimal(18, 2).describe("Sum of the seller's prices without freight, in Brazilian reais."),
    average_score: decimal(3, 2)
      .nullable()
      .describe("Mean score, from 1 to 5, over all reviews of those orders; null where there is none."),
    late_share: decimal(5, 4)
      .nullable()
      .describe(
        "Share of the delivered orders that came after the promised day; null where none was delivered.",
      ),
  },
  primaryKey: ["seller_id"],
  sql: ({ order_items, orders, reviews, sellers }) => sql`
    with sold as (
      select
        ${order_items.seller_id} as seller_id,
        ${order_items.order_id} as order_id,
        sum(${order_items.price}) as revenue
      from ${order_items}
      group by 1, 2
    ),
    scored as (
      select ${reviews.order_id} as order_id, sum(${reviews.review_score}) as score, count(*) as reviews
      from ${reviews}
      group by 1
    ),
    delivered as (
      select
        ${orders.order_id} as order_id,
        (${orders.order_delivered_customer_date}::date > ${orders.order_estimated_delivery_date}::date)::integer as late
      from ${orders}
      where ${orders.order_delivered_customer_date} is not null
    )
    select
      ${sellers.seller_id} as seller_id,
      ${sellers.seller_state} as seller_state,
      count(sold.order_id) as orders,
      coalesce(sum(sold.revenue), 0) as revenue,
      (sum(scored.score) / sum(scored.reviews))::decimal(3, 2) as average_score,
      (sum(delivered.late) / count(delivered.late))::decimal(5, 4) as late_share
    from ${sellers}
    left join sold on sold.seller_id = ${sellers.seller_id}
    left join scored on scored.order_id = sold.order_id
    left join delivered on delivered.order_id = sold.order_id
    group by 1, 2`,
});
