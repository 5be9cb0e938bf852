import { project } from "./assets/project.ts";
import { shopResource } from "./assets/shop-resource.ts";
import { defineConfig } from "./framework/index.ts";

export const config = defineConfig({
  definitions: project,
  resources: ({ variables }) => ({ sources: { shop: shopResource(variables) } }),
});
