import { join, resolve } from "node:path";
import type { ComputeEngine } from "../framework/definition/compute-port.ts";
import type { SourceResource } from "../framework/definition/resource.ts";
import type { SourceEngine } from "../framework/definition/source-port.ts";
import { openCsvFolder } from "../framework/engines/csv/open-csv-folder.ts";
import { createDuckdbEngine } from "../framework/engines/duckdb/create-duckdb-engine.ts";
import { openGeneratedTables } from "../framework/engines/generated/open-generated-tables.ts";

/** The one place that names engines. Each loads its driver only when it first has work. */
export function createCompute(temporaryFolder: string): ComputeEngine {
  return createDuckdbEngine({ temporaryFolder });
}

/** The engine for a resource; `root` is what relative paths start from, `cacheFolder` may be lost at any time. */
export function openSource(resource: SourceResource, root: string, cacheFolder: string): SourceEngine {
  switch (resource.kind) {
    case "csv":
      return openCsvFolder(
        { ...resource, folder: resolve(root, resource.folder) },
        { cacheFile: join(cacheFolder, "csv.json") },
      );
    case "generated":
      return openGeneratedTables(resource);
  }
}
