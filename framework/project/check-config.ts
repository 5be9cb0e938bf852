import type { Diagnostic } from "../definition/diagnostic.ts";
import { nearest } from "../definition/nearest.ts";
import type { Config } from "../definition/project.ts";
import { err, ok, type Result } from "../definition/result.ts";

const settings = ["definitions", "environment", "lake", "resources"];

/**
 * The export `config` of a config module, once it is known to be one. TypeScript sees to this where the config is
 * compiled; a JS config, a cast or a cycle of imports still brings anything here.
 */
export function checkConfig(
  module: Readonly<Record<string, unknown>>,
  file: string,
): Result<Config, readonly Diagnostic[]> {
  const faults: Diagnostic[] = [];
  const fault = (message: string, hint: string): void => {
    const position = { file, line: 1, column: 1 };
    faults.push({
      code: "config-invalid",
      severity: "error",
      message: `${file}: ${message}`,
      hint,
      position,
    });
  };
  const { config } = module;
  if (!isRecord(config)) {
    const names = Object.keys(module).sort();
    const has = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
    fault(
      "config" in module ? `its export "config" is ${shown(config)}` : `has no export "config"; ${has}`,
      "write `export const config = defineConfig({ definitions, resources })`",
    );
    return err(faults);
  }
  for (const name of Object.keys(config)) {
    if (settings.includes(name)) continue;
    const near = nearest(name, settings);
    const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : `a config has ${settings.join(", ")}`;
    fault(`config has no setting "${name}"`, hint);
  }
  if (typeof config["resources"] !== "function") {
    fault(
      `config.resources is ${shown(config["resources"])}`,
      "write `resources: (context) => ({ sources: { … } })`",
    );
  }
  const { environment, lake } = config;
  if (environment !== undefined && typeof environment !== "string")
    fault(`config.environment is ${shown(environment)}`, 'it is a name like "dev"');
  if (lake !== undefined && typeof lake !== "string" && typeof lake !== "function")
    fault(`config.lake is ${shown(lake)}`, "it is a folder, or a function that gives one");
  checkDefinitions(config["definitions"], fault);
  return faults.length > 0 ? err(faults) : ok(config as unknown as Config);
}

function checkDefinitions(definitions: unknown, fault: (message: string, hint: string) => void): void {
  if (!isRecord(definitions)) {
    fault(
      `config.definitions is ${shown(definitions)}`,
      "write `definitions: defineProject({ name, assets, relations })`",
    );
    return;
  }
  const { name, assets, relations } = definitions;
  if (typeof name !== "string" || name === "")
    fault(`the project's name is ${shown(name)}`, "give defineProject a name that is not empty");
  const list = (what: string, items: unknown, isOne: (item: unknown) => boolean, hint: string): void => {
    if (!Array.isArray(items)) {
      fault(`the project's ${what} are ${shown(items)}`, `give defineProject a list of ${what}`);
      return;
    }
    for (const [index, item] of items.entries()) {
      if (!isOne(item)) fault(`${what}[${index}] of the project is ${shown(item)}`, hint);
    }
  };
  list(
    "assets",
    assets,
    isAsset,
    "list assets as asset.from, asset.sql or asset.run gave them (modules that import one another in a circle leave undefined)",
  );
  list("relations", relations, isForeignKey, "list what foreignKeys gave, with `...` before it if need be");
}

function isAsset(item: unknown): boolean {
  if (!isRecord(item) || typeof item["key"] !== "string") return false;
  return isRecord(item["making"]) && isRecord(item["columns"]) && Array.isArray(item["faults"]);
}

function isForeignKey(item: unknown): boolean {
  return isRecord(item) && [item["from"], item["to"]].every((end) => isRecord(end) && isRecord(end["owner"]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === null || value === undefined || typeof value === "boolean") return String(value);
  if (typeof value === "string" || typeof value === "number") return JSON.stringify(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "function" ? "a function" : "an object of another kind";
}
