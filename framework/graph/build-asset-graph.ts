import { MultiDirectedGraph } from "graphology";
import { type Asset, inputsOf, keyOf } from "../definition/asset.ts";
import type { AssetKey } from "../definition/asset-key.ts";
import type { Check } from "../definition/check.ts";
import { DefinitionFault } from "../definition/definition-fault.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import type { Position } from "../definition/position.ts";
import type { Definitions } from "../definition/project.ts";
import { tableSchema } from "../definition/schema.ts";
import { isSql, type Relation, relation, renderSql } from "../definition/sql.ts";
import { contractChecks } from "./asset-checks.ts";
import type { AssetGraph, KeyGraph } from "./asset-graph.ts";
import type { AssetSpec, InputEdge, MakingSpec } from "./asset-spec.ts";
import { findCycle } from "./find-cycle.ts";
import { foreignKeyChecks } from "./foreign-keys.ts";
import { topologicalOrder } from "./topological-order.ts";

/** A graph where there is no error among the diagnostics; the diagnostics of all definitions, in their order. */
export interface BuiltGraph {
  readonly graph: AssetGraph | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Leads from places in the code that runs to places in the files that people write. */
export interface Places {
  source(position: Position): Position;
  /** The place in a project's own code that an error came from, where it can be told. */
  thrown(error: unknown): Position | undefined;
}

const asTheyRun: Places = { source: (position) => position, thrown: () => undefined };

/** Joins definitions into a graph, or says everything that is wrong with them at once. */
export function buildAssetGraph(definitions: Definitions, at: Places = asTheyRun): BuiltGraph {
  const { graph, diagnostics } = join(definitions, at);
  return {
    graph,
    diagnostics: diagnostics.map((diagnostic) =>
      diagnostic.position ? { ...diagnostic, position: at.source(diagnostic.position) } : diagnostic,
    ),
  };
}

function join(definitions: Definitions, at: Places): BuiltGraph {
  const listed = new Set(definitions.assets.filter(isAsset));
  const diagnostics: Diagnostic[] = [
    ...notAssets(definitions),
    ...[...listed].flatMap(({ faults }) => faults),
  ];
  const byKey = uniqueAssets(listed, diagnostics, at);
  const assets = [...byKey.values()];
  diagnostics.push(...assets.flatMap((asset) => unlistedInputs(asset, listed)));

  const foreignKeys = foreignKeyChecks(definitions.relations, listed, diagnostics);
  const specs = new Map<AssetKey, AssetSpec>();
  for (const key of [...byKey.keys()].sort()) {
    const asset = byKey.get(key);
    if (asset) specs.set(key, specOf(asset, foreignKeys.get(key) ?? [], diagnostics, at));
  }

  const keys = [...specs.keys()];
  const inputKeys = (key: AssetKey): readonly AssetKey[] =>
    specs.get(key)?.inputs.map((input) => input.asset) ?? [];
  const cycle = findCycle(keys, inputKeys);
  if (cycle) diagnostics.push(cycleDiagnostic(cycle, specs));
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error"))
    return { graph: undefined, diagnostics };
  const graph = {
    project: definitions.name,
    assets: specs,
    order: topologicalOrder(keys, inputKeys),
    edges: keyGraph(specs),
  } as unknown as AssetGraph;
  return { graph, diagnostics };
}

function notAssets({ assets }: Definitions): readonly Diagnostic[] {
  return assets.flatMap((asset, index): readonly Diagnostic[] =>
    isAsset(asset)
      ? []
      : [
          {
            code: "asset-unknown",
            severity: "error",
            message: `number ${index + 1} of the project's assets is not an asset`,
            hint: "list what asset.from, asset.sql or asset.run gives (a cycle of imports leaves it undefined)",
          },
        ],
  );
}

function uniqueAssets(
  assets: Iterable<Asset>,
  diagnostics: Diagnostic[],
  places: Places,
): ReadonlyMap<AssetKey, Asset> {
  const byKey = new Map<AssetKey, Asset>();
  for (const asset of assets) {
    const earlier = byKey.get(keyOf(asset));
    if (earlier === undefined) byKey.set(keyOf(asset), asset);
    else if (earlier !== asset) {
      const at = earlier.position && places.source(earlier.position);
      diagnostics.push({
        code: "key-duplicate",
        severity: "error",
        message: `two assets have the key "${asset.key}"`,
        hint: at
          ? `the other is declared at ${at.file}:${at.line}; give one of them another key`
          : "give one of them another key",
        ...(asset.position && { position: asset.position }),
      });
    }
  }
  return byKey;
}

function unlistedInputs(asset: Asset, listed: ReadonlySet<Asset>): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const [name, input] of Object.entries(inputsOf(asset))) {
    if (!isAsset(input)) {
      diagnostics.push({
        code: "input-unknown",
        severity: "error",
        message: `${asset.key}: input "${name}" is not an asset`,
        hint: "an input is an asset itself, imported from the module that declares it (a cycle of imports leaves it undefined)",
        ...(asset.position && { position: asset.position }),
      });
    } else if (!listed.has(input)) {
      diagnostics.push({
        code: "input-unknown",
        severity: "error",
        message: `${asset.key}: input "${name}" is the asset "${input.key}", which the project does not list`,
        hint: "add it to `assets` in defineProject",
        ...(asset.position && { position: asset.position }),
      });
    }
  }
  return diagnostics;
}

function specOf(
  asset: Asset,
  foreignKeys: readonly Check[],
  diagnostics: Diagnostic[],
  at: Places,
): AssetSpec {
  const descriptions = Object.entries(asset.columns).flatMap(([name, { description }]) =>
    description === undefined ? [] : [[name, description] as const],
  );
  const inputs: InputEdge[] = Object.entries(inputsOf(asset))
    .filter(([, input]) => isAsset(input))
    .map(([name, input]) => ({ name, asset: keyOf(input) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.freeze({
    key: keyOf(asset),
    kind: asset.making.kind,
    description: asset.description,
    group: asset.group,
    tags: asset.tags,
    owner: asset.owner,
    position: asset.position && at.source(asset.position),
    schema: tableSchema(asset.columns, asset.primaryKey),
    columnDescriptions: Object.fromEntries(descriptions),
    policy: asset.policy,
    making: makingOf(asset, diagnostics, at),
    inputs,
    checks: [...contractChecks(asset), ...foreignKeys],
  });
}

function makingOf(asset: Asset, diagnostics: Diagnostic[], at: Places): MakingSpec {
  const { making } = asset;
  switch (making.kind) {
    case "copy":
      return { kind: "copy", source: making.from.source.name, table: making.from.table.name };
    case "function":
      return { kind: "function", config: making.config };
    case "sql": {
      const relations: Record<string, Relation> = {};
      for (const [name, input] of Object.entries(making.inputs)) {
        // Said already; the statement would only fail for the same cause.
        if (!isAsset(input)) return { kind: "sql", statement: "", pieces: [] };
        relations[name] = relation(name, input.columns);
      }
      try {
        const statement = making.statement(relations);
        if (isSql(statement)) {
          const { text, pieces } = renderSql(statement);
          const placed = pieces.map((piece) =>
            piece.template ? { ...piece, template: at.source(piece.template) } : piece,
          );
          return { kind: "sql", statement: text, pieces: placed };
        }
        diagnostics.push(
          sqlFault(asset, { message: "does not return SQL", hint: "return what a sql`…` template gives" }),
        );
      } catch (thrown) {
        const cause = thrown instanceof DefinitionFault || isFault(thrown) ? thrown.diagnostic : undefined;
        const position = at.thrown(thrown);
        diagnostics.push(
          sqlFault(asset, {
            ...(position && { position }),
            ...(cause ?? { message: thrown instanceof Error ? thrown.message : String(thrown) }),
          }),
        );
      }
      return { kind: "sql", statement: "", pieces: [] };
    }
  }
}

// An input is what a project's modules give: a cycle of imports leaves it undefined, whatever the types say.
function isAsset(input: unknown): input is Asset {
  return typeof input === "object" && input !== null && "making" in input;
}

// The class that a project's own bundle brings is another than ours, so its name is what tells.
function isFault(thrown: unknown): thrown is DefinitionFault {
  return thrown instanceof Error && thrown.name === "DefinitionFault" && "diagnostic" in thrown;
}

function sqlFault(asset: Asset, fault: Partial<Diagnostic> & { readonly message: string }): Diagnostic {
  return {
    code: "sql-invalid",
    severity: "error",
    ...(asset.position && { position: asset.position }),
    ...fault,
    message: `${asset.key}: ${fault.message}`,
  };
}

function cycleDiagnostic(cycle: readonly AssetKey[], specs: ReadonlyMap<AssetKey, AssetSpec>): Diagnostic {
  const first = cycle[0];
  const position = first === undefined ? undefined : specs.get(first)?.position;
  return {
    code: "input-cycle",
    severity: "error",
    message: `assets are made from one another in a circle: ${cycle.join(" → ")}`,
    hint: "take one of these inputs away; a foreign key needs no input, it is declared as a relation",
    ...(position && { position }),
  };
}

function keyGraph(specs: ReadonlyMap<AssetKey, AssetSpec>): KeyGraph {
  const edges: KeyGraph = new MultiDirectedGraph();
  for (const key of specs.keys()) edges.addNode(key);
  for (const [key, spec] of specs) {
    for (const { name, asset } of spec.inputs) {
      if (specs.has(asset))
        edges.addDirectedEdgeWithKey(`input:${key}:${name}`, asset, key, { kind: "input" });
    }
    for (const check of spec.checks) {
      if (check.kind !== "foreign-key" || !specs.has(check.references.asset)) continue;
      edges.addDirectedEdgeWithKey(`reference:${key}:${check.id}`, check.references.asset, key, {
        kind: "reference",
      });
    }
  }
  return edges;
}
