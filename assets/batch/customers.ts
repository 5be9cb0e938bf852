import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const customers = asset.from("customers", shop.table(tables.customers), {
  group: "batch",
  tags: ["core"],
});
