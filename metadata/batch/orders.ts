import { string, table, timestamp } from "../../framework/index.ts";

export const orders = table("orders", {
  description: "One row per order placed in the shop. Times are local to the shop, without a zone.",
  columns: {
    order_id: string({ length: 32 }).describe("Key of the order; 32 hex characters."),
    customer_id: string({ length: 32 }).describe("Who placed it; every order has a customer_id of its own."),
    order_status: string({ length: 20 })
      .oneOf([
        "created",
        "approved",
        "invoiced",
        "processing",
        "shipped",
        "delivered",
        "unavailable",
        "canceled",
      ])
      .describe("How far the order has come."),
    order_purchase_timestamp: timestamp().describe("When the customer placed the order."),
    order_approved_at: timestamp().nullable().describe("When the payment was approved; null until then."),
    order_delivered_carrier_date: timestamp()
      .nullable()
      .describe("When the seller handed the parcel to the carrier; null until then."),
    order_delivered_customer_date: timestamp()
      .nullable()
      .describe("When the customer received the parcel; null until then."),
    order_estimated_delivery_date: timestamp().describe(
      "The day of delivery promised at purchase, at midnight; a parcel that arrives after it is late.",
    ),
  },
  primaryKey: ["order_id"],
});
