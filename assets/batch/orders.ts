import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const orders = asset.from("orders", shop.table(tables.orders), {
  group: "batch",
  tags: ["core"],
});
