import type { AssetGraph } from "../../framework/graph/asset-graph.ts";

/** A graph as text: each asset in order, its inputs by name (`←`), and what its foreign keys lead to (`~`). */
export function printGraph(graph: AssetGraph): string {
  const lines = graph.order.map((key) => {
    const spec = graph.assets.get(key);
    const inputs = spec?.inputs.map(({ name, asset }) => (name === asset ? name : `${name}=${asset}`)) ?? [];
    const references =
      spec?.checks.flatMap((check) =>
        check.kind === "foreign-key"
          ? [`${check.columns.join(",")}→${check.references.asset}.${check.references.columns.join(",")}`]
          : [],
      ) ?? [];
    return [
      `${key} (${spec?.kind})`,
      ...(inputs.length > 0 ? [`← ${inputs.join(" ")}`] : []),
      ...(references.length > 0 ? [`~ ${references.join(" ")}`] : []),
    ].join(" ");
  });
  return lines.join("\n");
}
