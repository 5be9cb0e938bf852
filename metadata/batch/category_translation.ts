import { string, table } from "../../framework/index.ts";

export const category_translation = table("category_translation", {
  description: "English names of product categories; not every category that products use is here.",
  columns: {
    product_category_name: string({ length: 100 }).describe("Category in Portuguese, as products name it."),
    product_category_name_english: string({ length: 100 }).describe("The same category in English."),
  },
  primaryKey: ["product_category_name"],
});
