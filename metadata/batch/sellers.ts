import { string, table } from "../../framework/index.ts";
import { brazilianStates } from "../brazilian-states.ts";

export const sellers = table("sellers", {
  description: "One row per seller who offers products in the shop.",
  columns: {
    seller_id: string({ length: 32 }).describe("Key of the seller; 32 hex characters."),
    seller_zip_code_prefix: string({ length: 5 }).describe(
      "First five digits of the seller's zip code, leading zeros kept.",
    ),
    seller_city: string({ length: 100 }).describe("City of the seller, as typed; usually in lower case."),
    seller_state: string({ length: 2 })
      .oneOf(brazilianStates)
      .describe("State of the seller, as its two-letter code."),
  },
  primaryKey: ["seller_id"],
});
