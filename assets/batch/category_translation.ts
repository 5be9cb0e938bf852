import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const category_translation = asset.from(
  "category_translation",
  shop.table(tables.category_translation),
  {
    group: "batch",
    tags: ["catalogue"],
  },
);
