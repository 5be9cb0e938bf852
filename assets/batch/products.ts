import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const products = asset.from("products", shop.table(tables.products), {
  group: "batch",
  tags: ["catalogue"],
});
