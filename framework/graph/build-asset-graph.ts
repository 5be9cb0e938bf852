import { MultiDirectedGraph } from "graphology";
import { type Asset, inputsOf, keyOf } from "../definition/asset.ts";
import type { AssetKey } from "../definition/asset-key.ts";
import type { Check } from "../definition/check.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import type { Definitions } from "../definition/project.ts";
import { tableSchema } from "../definition/schema.ts";
import { contractChecks } from "./asset-checks.ts";
import type { AssetGraph, KeyGraph } from "./asset-graph.ts";
import type { AssetSpec, InputEdge } from "./asset-spec.ts";
import { findCycle } from "./find-cycle.ts";
import { foreignKeyChecks } from "./foreign-keys.ts";
import { isAsset, notAssets, uniqueAssets, unlistedInputs } from "./listed-assets.ts";
import { makingOf } from "./making-spec.ts";
import type { Places } from "./places.ts";
import { topologicalOrder } from "./topological-order.ts";

/** A graph where there is no error among the diagnostics; the diagnostics of all definitions, in their order. */
export interface BuiltGraph {
  readonly graph: AssetGraph | undefined;
  readonly diagnostics: readonly Diagnostic[];
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
