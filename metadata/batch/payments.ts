import { decimal, integer, string, table } from "../../framework/index.ts";

export const payments = table("payments", {
  description: "One row per payment of an order, which can be paid by several means.",
  columns: {
    order_id: string({ length: 32 }).describe("The order that is paid."),
    payment_sequential: integer().describe("Number of the payment within its order, from 1."),
    payment_type: string({ length: 20 })
      .oneOf(["credit_card", "boleto", "voucher", "debit_card", "not_defined"])
      .describe("Means of payment; not_defined where an order was dropped before one was chosen."),
    payment_installments: integer().describe("In how many monthly instalments the customer pays."),
    payment_value: decimal(10, 2).describe("Amount in Brazilian reais, with interest on instalments."),
  },
  primaryKey: ["order_id", "payment_sequential"],
});
