import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const payments = asset.from("payments", shop.table(tables.payments), {
  group: "batch",
  tags: ["core"],
});
