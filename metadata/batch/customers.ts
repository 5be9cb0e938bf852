import { string, table } from "../../framework/index.ts";
import { brazilianStates } from "../brazilian-states.ts";

export const customers = table("customers", {
  description: "One row per order's customer: the shop gives a buyer a new customer_id with every order.",
  columns: {
    customer_id: string({ length: 32 }).describe(
      "Key of the customer as one order knows them; 32 hex characters.",
    ),
    customer_unique_id: string({ length: 32 }).describe(
      "The person behind it: the same for all orders of one buyer, so that repeat purchases can be counted.",
    ),
    customer_zip_code_prefix: string({ length: 5 }).describe(
      "First five digits of the delivery address's zip code, leading zeros kept. Some are not in geolocation.",
    ),
    customer_city: string({ length: 100 }).describe("City of delivery, in lower case and without accents."),
    customer_state: string({ length: 2 })
      .oneOf(brazilianStates)
      .describe("State of delivery, as its two-letter code."),
  },
  primaryKey: ["customer_id"],
});
