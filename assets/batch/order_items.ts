import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const order_items = asset.from("order_items", shop.table(tables.order_items), {
  group: "batch",
  tags: ["core"],
});
