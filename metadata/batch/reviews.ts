import { integer, string, table, timestamp } from "../../framework/index.ts";

export const reviews = table("reviews", {
  description:
    "One row per review of an order. One review can speak of several orders, so its id alone is no key.",
  columns: {
    review_id: string({ length: 32 }).describe("The review; unique only together with order_id."),
    order_id: string({ length: 32 }).describe("The order it speaks of; some orders have several reviews."),
    review_score: integer().oneOf([1, 2, 3, 4, 5]).describe("Satisfaction from 1 (worst) to 5 (best)."),
    review_comment_title: string({ length: 100 }).nullable().describe("Title, where one was written."),
    review_comment_message: string()
      .nullable()
      .describe("Text in Portuguese, where one was written; may hold line breaks, quotes and emoji."),
    review_creation_date: timestamp().describe("Day on which the customer was asked for it, at midnight."),
    review_answer_timestamp: timestamp().describe("When the customer answered."),
  },
  primaryKey: ["review_id", "order_id"],
});
