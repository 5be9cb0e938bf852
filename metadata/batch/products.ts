import { integer, string, table } from "../../framework/index.ts";

export const products = table("products", {
  description: "One row per product. Two column names are misspelt in the public data set, and so here.",
  columns: {
    product_id: string({ length: 32 }).describe("Key of the product; 32 hex characters."),
    product_category_name: string({ length: 100 })
      .nullable()
      .describe("Category in Portuguese; null for some, and two categories have no translation."),
    product_name_lenght: integer().nullable().describe("Length of the product's name, in characters."),
    product_description_lenght: integer()
      .nullable()
      .describe("Length of the product's description, in characters."),
    product_photos_qty: integer().nullable().describe("How many photos its page shows."),
    product_weight_g: integer().nullable().describe("Weight with packaging, in grams."),
    product_length_cm: integer().nullable().describe("Length of the parcel, in centimetres."),
    product_height_cm: integer().nullable().describe("Height of the parcel, in centimetres."),
    product_width_cm: integer().nullable().describe("Width of the parcel, in centimetres."),
  },
  primaryKey: ["product_id"],
});
