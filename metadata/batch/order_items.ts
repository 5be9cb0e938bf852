import { decimal, integer, string, table, timestamp } from "../../framework/index.ts";

export const order_items = table("order_items", {
  description: "One row per unit sold: three pieces of one product are three rows.",
  columns: {
    order_id: string({ length: 32 }).describe("The order it belongs to."),
    order_item_id: integer().describe("Number of the unit within its order, from 1 without gaps."),
    product_id: string({ length: 32 }).describe("The product that was sold."),
    seller_id: string({ length: 32 }).describe("The seller who sold it and sends it."),
    shipping_limit_date: timestamp().describe("Until when the seller has to hand the parcel to the carrier."),
    price: decimal(10, 2).describe("Price of the unit without freight, in Brazilian reais."),
    freight_value: decimal(10, 2).describe(
      "Freight of the unit in Brazilian reais; an order's freight is split among its units.",
    ),
  },
  primaryKey: ["order_id", "order_item_id"],
});
