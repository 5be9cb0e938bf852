import type { DuckDBConnection } from "@duckdb/node-api";
import type { StatementFault } from "../../definition/compute-port.ts";
import { nearest } from "../../definition/nearest.ts";
import type { TableSchema } from "../../definition/schema.ts";
import { literal } from "./column-type.ts";
import { characterOffset } from "./engine-error.ts";
import { namesGiven, unrepeatable } from "./unrepeatable.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

// Functions in `from` that make rows out of nothing but their arguments.
const pureTableFunctions = new Set([
  "range",
  "generate_series",
  "unnest",
  "repeat",
  "repeat_row",
  "json_each",
]);

/**
 * What a statement depends on beside its relations, found in DuckDB's own syntax tree: other tables, files, settings, the
 * clock, chance. Undefined where nothing is wrong with it; also a statement that is no query is a fault.
 */
export async function findOutsideRead(
  connection: DuckDBConnection,
  statement: string,
  schemas: Readonly<Record<string, TableSchema>>,
): Promise<StatementFault | undefined> {
  const relations = Object.keys(schemas);
  const result = await connection.run(`select json_serialize_sql(${literal(statement)})`);
  const [row] = await result.getRows();
  const tree = JSON.parse(String(row?.[0])) as JsonObject;
  if (tree["error"] === true)
    return { message: "it is not a query: begin with select, with, from or values" };

  const common = new Set<string>();
  const places: JsonObject[] = [];
  const inputs = Object.values(schemas).flatMap(({ columns }) =>
    columns.map(({ name }) => name.toLowerCase()),
  );
  const named = new Set(inputs);
  visit(tree, (object) => {
    for (const name of namesGiven(object)) named.add(name);
    if ("cte_map" in object) for (const name of commonTableNames(object["cte_map"])) common.add(name);
    if (object["type"] === "RECURSIVE_CTE_NODE" && typeof object["cte_name"] === "string") {
      common.add(object["cte_name"].toLowerCase());
    }
    if (placeKinds.has(String(object["type"]))) places.push(object);
  });
  const known = new Set([...common, ...relations.map((name) => name.toLowerCase())]);
  for (const place of places) {
    const message = faultOf(place, known, relations);
    if (message !== undefined) return faultAt(place, message, statement);
  }
  let fault: StatementFault | undefined;
  visit(tree, (object) => {
    const message = fault === undefined ? unrepeatable(object, named) : undefined;
    if (message !== undefined) fault = faultAt(object, `it ${message}`, statement);
  });
  return fault;
}

function faultAt(place: JsonObject, message: string, statement: string): StatementFault {
  const location = place["query_location"];
  const isPlace = typeof location === "number" && location < Buffer.byteLength(statement);
  return { message, ...(isPlace && { offset: characterOffset(statement, location) }) };
}

const placeKinds = new Set(["BASE_TABLE", "TABLE_FUNCTION", "SHOW_REF"]);

function faultOf(
  place: JsonObject,
  known: ReadonlySet<string>,
  relations: readonly string[],
): string | undefined {
  switch (place["type"]) {
    case "BASE_TABLE": {
      const path = [place["catalog_name"], place["schema_name"], place["table_name"]].filter(Boolean);
      const name = path.join(".");
      if (path.length === 1 && known.has(name.toLowerCase())) return undefined;
      const near = nearest(name, relations);
      const inputs =
        relations.length === 0 ? "it has no inputs" : `its inputs are ${[...relations].sort().join(", ")}`;
      return `it reads "${name}", which is no input${near.length > 0 ? `: did you mean ${near.join(", ")}?` : `: ${inputs}`}`;
    }
    case "TABLE_FUNCTION": {
      const { function_name: name } = place["function"] as JsonObject;
      if (typeof name === "string" && pureTableFunctions.has(name.toLowerCase())) return undefined;
      return `it reads from ${String(name)}(): a statement can read its inputs only`;
    }
    default:
      return "it is not a query of rows: begin with select, with, from or values";
  }
}

function commonTableNames(map: Json | undefined): readonly string[] {
  const entries = (map as { readonly map?: readonly { readonly key?: Json }[] } | undefined)?.map ?? [];
  return entries.map(({ key }) => String(key).toLowerCase());
}

function visit(value: Json, see: (object: JsonObject) => void): void {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
    return;
  }
  const object = value as JsonObject;
  see(object);
  for (const inner of Object.values(object)) visit(inner, see);
}
