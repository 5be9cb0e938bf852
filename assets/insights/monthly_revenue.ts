import { asset, bigint, date, decimal, sql } from "../../framework/index.ts";
import { daily_revenue } from "./daily_revenue.ts";

export const monthly_revenue = asset.sql("monthly_revenue", {
  description: "Revenue of each month, and how it compares with the month before.",
  group: "insights",
  tags: ["revenue"],
  inputs: { daily_revenue },
  columns: {
    month: date().describe("First day of the month; a month without orders has no row."),
    orders: bigint().describe("How many orders were placed."),
    revenue: decimal(18, 2).describe("Sum of their payments in Brazilian reais."),
    growth: decimal(18, 4)
      .nullable()
      .describe(
        "Growth over the calendar month before as a share of it (0.25 is a quarter more); null without one.",
      ),
  },
  primaryKey: ["month"],
  sql: ({ daily_revenue }) => sql`
    with months as (
      select
        date_trunc('month', ${daily_revenue.day})::date as month,
        sum(${daily_revenue.orders}) as orders,
        sum(${daily_revenue.revenue}) as revenue
      from ${daily_revenue}
      group by 1
    )
    select
      months.month,
      months.orders,
      months.revenue,
      (months.revenue / nullif(earlier.revenue, 0) - 1)::decimal(18, 4) as growth
    from months
    left join months as earlier on earlier.month = (months.month - interval 1 month)::date`,
});
