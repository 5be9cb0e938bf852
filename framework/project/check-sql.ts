import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ColumnType } from "../definition/column.ts";
import type { ComputeEngine, StatementFault } from "../definition/compute-port.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import { nearest } from "../definition/nearest.ts";
import type { Position } from "../definition/position.ts";
import { type TableSchema, typeName } from "../definition/schema.ts";
import type { RenderedText } from "../definition/sql.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import type { AssetSpec } from "../graph/asset-spec.ts";
import { type ComparedColumn, describeCache, sameName } from "./describe-cache.ts";
import { filePath } from "./project-path.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { templatePlace } from "./template-place.ts";

/**
 * Compares what every SQL asset's statement would put out with the columns that the asset declares, before any data is
 * touched. All faults of all assets are reported. What was asked before is known from the cache: where that is all, the
 * engine is not started.
 */
export async function checkSql(
  graph: AssetGraph,
  engine: ComputeEngine,
  cacheFolder: string,
): Promise<readonly Diagnostic[]> {
  const root = join(cacheFolder, "..", "..");
  const cache = describeCache(engine, cacheFolder);
  const diagnostics: Diagnostic[] = [];
  for (const spec of graph.assets.values()) {
    if (spec.making.kind !== "sql") continue;
    const { statement, pieces } = spec.making;
    const relations = relationsOf(graph, spec);
    const described = await cache.describe(statement, relations, spec.schema);
    if ("columns" in described) diagnostics.push(...columnFaults(spec, pieces, described.columns));
    else diagnostics.push(await statementFault(root, spec, pieces, described.fault, relations));
  }
  cache.save();
  return diagnostics;
}

function relationsOf(graph: AssetGraph, spec: AssetSpec): Readonly<Record<string, TableSchema>> {
  return Object.fromEntries(
    spec.inputs.flatMap(({ name, asset }) => {
      const input = graph.assets.get(asset);
      return input ? [[name, input.schema] as const] : [];
    }),
  );
}

function columnFaults(
  { key, schema, position: definedAt }: AssetSpec,
  pieces: readonly RenderedText[],
  columns: readonly ComparedColumn[],
): readonly Diagnostic[] {
  const position = pieces[0]?.template ?? definedAt;
  const fault = (about: Omit<Diagnostic, "severity">): Diagnostic => ({
    severity: "error",
    ...(position && { position }),
    ...about,
  });
  const undeclared = columns.filter(({ castable }) => castable === null);
  const faults: Diagnostic[] = [];
  // A column under a slightly other name is one fault, not two.
  const misnamed = new Set<string>();
  for (const { name, type } of schema.columns) {
    const column = columns.find((other) => sameName(other.name, name));
    if (column === undefined) {
      const [near] = nearest(
        name,
        undeclared.map((other) => other.name),
      );
      if (near !== undefined) misnamed.add(near);
      faults.push(
        fault({
          code: "sql-column-missing",
          message: `${key}: its statement puts out no column "${name}", which it declares`,
          hint:
            near === undefined
              ? `it puts out ${columns.map((other) => other.name).join(", ")}; name one of them \`as ${name}\``
              : `it puts out "${near}": write \`as ${name}\` there`,
        }),
      );
    } else if (column.castable === false) {
      faults.push(
        fault({
          code: "sql-column-type",
          message: `${key}: its statement puts out "${name}" as ${column.type}, and it declares ${typeName(type)}`,
          hint: `write \`cast(… as ${sqlType(type)}) as ${name}\` if that is what is meant, or declare what the statement gives`,
        }),
      );
    }
  }
  for (const { name, type } of undeclared) {
    if (misnamed.has(name)) continue;
    faults.push(
      fault({
        code: "sql-column-undeclared",
        message: `${key}: its statement puts out a column "${name}" (${type}), which it does not declare`,
        hint: `declare it in \`columns\`, or take it out of the select`,
      }),
    );
  }
  return faults;
}

async function statementFault(
  root: string,
  spec: AssetSpec,
  pieces: readonly RenderedText[],
  { message, offset }: StatementFault,
  relations: Readonly<Record<string, TableSchema>>,
): Promise<Diagnostic> {
  const first = pieces[0]?.template ?? spec.position;
  const position = offset === undefined ? first : ((await placeIn(root, pieces, offset)) ?? first);
  const [headline = message, ...rest] = message.split("\n");
  const hint = nameHint(headline, relations) ?? rest.map((line) => line.trim()).find((line) => line !== "");
  return {
    code: "sql-invalid",
    severity: "error",
    message: `${spec.key}: ${headline}`,
    ...(position && { position }),
    ...(hint !== undefined && { hint }),
  };
}

/** Names of the inputs and their columns that are like the one that the engine does not know. */
function nameHint(message: string, relations: Readonly<Record<string, TableSchema>>): string | undefined {
  if (!/not (?:found|exist)|does not have|unknown/i.test(message)) return undefined;
  const asked = /"([^"]+)"|name (\w+)|with name (\w+)/i.exec(message);
  const name = asked?.slice(1).find((text) => text !== undefined);
  // Every short name is like every other.
  if (name === undefined || name.length < 3) return undefined;
  const columns = Object.entries(relations).flatMap(([input, schema]) =>
    schema.columns.map((column) => ({ column: column.name, input })),
  );
  const names = new Set([...Object.keys(relations), ...columns.map(({ column }) => column)]);
  const near = nearest(name, names);
  if (near.length === 0) return undefined;
  const said = near.map((one) => {
    const inputs = columns.filter(({ column }) => column === one).map(({ input }) => input);
    return inputs.length === 0 ? one : `${one} (of ${inputs.join(", ")})`;
  });
  return `did you mean ${said.join(", ")}?`;
}

async function placeIn(
  root: string,
  pieces: readonly RenderedText[],
  offset: number,
): Promise<Position | undefined> {
  // Loaded where there is a fault to show, and not before.
  const { parseSync } = await import("oxc-parser");
  return templatePlace(pieces, offset, read, (path, text) => {
    const { program, errors } = parseSync(path, text, { sourceType: "module", astType: "js" });
    return errors.some(({ severity }) => severity === "Error")
      ? undefined
      : (program as unknown as SyntaxNode);
  });

  function read(file: string): string | undefined {
    try {
      return readFileSync(filePath(root, file), "utf8");
    } catch {
      return undefined;
    }
  }
}

/** A declared type as SQL writes it in a cast. */
function sqlType(type: ColumnType): string {
  return type.kind === "string" ? "varchar" : typeName(type);
}
