import { source } from "../framework/index.ts";

/** The shop's own tables; assets.config.ts says where they are read from. */
export const shop = source("shop", { description: "The shop's operational tables." });
