import { asset } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { shop } from "../shop.ts";

export const geolocation = asset.from("geolocation", shop.table(tables.geolocation), {
  group: "batch",
  tags: ["geography"],
});
