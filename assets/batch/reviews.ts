import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const reviews = asset.from("reviews", shop.table(tables.reviews), {
  group: "batch",
  tags: ["feedback"],
});
