import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const sellers = asset.from("sellers", shop.table(tables.sellers), {
  group: "batch",
  tags: ["core"],
});
