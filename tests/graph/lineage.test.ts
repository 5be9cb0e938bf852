import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { indexEdges } from "../../framework/graph/edge-index.ts";
import { neighbours, reach } from "../../framework/graph/lineage.ts";
import { strongComponents } from "../../framework/graph/strong-components.ts";
import { graphOf, type PlainAsset, plainAssets } from "../selection/random-selection.ts";
import { shopGraph } from "../selection/shop-graph.ts";

vi.setConfig({ testTimeout: 60_000 });

const key = (text: string) => text as AssetKey;

it("neighbours are sorted, of one kind of edge or of both, and never the asset itself", () => {
  const graph = shopGraph();
  expect(neighbours(graph, key("orders"), "downstream")).toEqual([
    "daily_revenue",
    "order_items",
    "payments",
    "warehouse/orders",
  ]);
  expect(neighbours(graph, key("orders"), "downstream", "input")).toEqual([
    "daily_revenue",
    "warehouse/orders",
  ]);
  expect(neighbours(graph, key("orders"), "downstream", "reference")).toEqual(["order_items", "payments"]);
  expect(neighbours(graph, key("orders"), "upstream")).toEqual(["customers"]);
  expect(neighbours(graph, key("orders"), "upstream", "input")).toEqual([]);
  expect(neighbours(graph, key("people"), "upstream")).toEqual(["teams"]);
});

it("edges by number are the same ones", () => {
  const graph = shopGraph();
  const index = indexEdges(graph);
  for (const [number, each] of graph.order.entries()) {
    expect(index.numberOf.get(each)).toBe(number);
    for (const direction of ["upstream", "downstream"] as const) {
      const keys = index[direction][number]?.map((at) => index.keys[at]) ?? [];
      expect([...new Set(keys)].sort()).toEqual(neighbours(graph, each, direction));
    }
  }
});

it("reach follows edges to a depth, without the assets it starts from", () => {
  const graph = shopGraph();
  const from = (
    keys: readonly string[],
    direction: "upstream" | "downstream",
    depth?: number,
    kind?: "input",
  ) => [...reach(graph, keys.map(key), direction, depth, kind)].sort();
  expect(from(["monthly_revenue"], "upstream")).toEqual(["customers", "daily_revenue", "orders", "payments"]);
  expect(from(["monthly_revenue"], "upstream", undefined, "input")).toEqual([
    "daily_revenue",
    "orders",
    "payments",
  ]);
  expect(from(["monthly_revenue"], "upstream", 1)).toEqual(["daily_revenue"]);
  expect(from(["monthly_revenue"], "upstream", 0)).toEqual([]);
  expect(from(["people"], "downstream")).toEqual(["teams"]);
  expect(from(["customers", "orders"], "downstream", 1)).toEqual([
    "daily_revenue",
    "order_items",
    "payments",
    "warehouse/customers",
    "warehouse/orders",
    "zip_index",
  ]);
});

it("on random graphs both agree with edges that are scanned", () => {
  fc.assert(
    fc.property(plainAssets, fc.nat(), fc.nat(5), (assets, at, depth) => {
      const graph = graphOf(assets);
      const start = assets[at % assets.length]?.key ?? "";
      for (const direction of ["upstream", "downstream"] as const) {
        const next = stepsOf(assets, direction);
        expect(neighbours(graph, key(start), direction)).toEqual([...next(start)].sort());
        const found = new Set([start]);
        for (let left = depth; left > 0; left--)
          for (const each of [...found]) for (const n of next(each)) found.add(n);
        found.delete(start);
        expect([...reach(graph, [key(start)], direction, depth)].sort()).toEqual([...found].sort());
      }
    }),
  );
});

it("strong components hold exactly the assets that are upstream of one another, upstream groups first", () => {
  fc.assert(
    fc.property(plainAssets, (assets) => {
      const graph = graphOf(assets);
      const groups = strongComponents(indexEdges(graph)).map((group) =>
        group.map((at) => graph.order[at] ?? ""),
      );
      expect(groups.flat().sort()).toEqual([...graph.order].sort());
      const above = new Map(
        graph.order.map((each) => [each as string, reach(graph, [each], "upstream") as ReadonlySet<string>]),
      );
      const groupOf = new Map(groups.flatMap((group, at) => group.map((each) => [each, at])));
      for (const one of graph.order) {
        for (const other of above.get(one) ?? []) {
          const isCircle = above.get(other)?.has(one) ?? false;
          expect(groupOf.get(one) === groupOf.get(other)).toBe(isCircle);
          expect(groupOf.get(other)).toBeLessThanOrEqual(groupOf.get(one) ?? -1);
        }
      }
    }),
  );
});

function stepsOf(assets: readonly PlainAsset[], direction: "upstream" | "downstream") {
  const edges = assets.flatMap((to) =>
    [...to.inputs, ...to.references]
      .flatMap((at) => assets[at]?.key ?? [])
      .map((from) => ({ from, to: to.key })),
  );
  return (start: string): ReadonlySet<string> =>
    new Set(
      edges
        .filter(({ from, to }) => from !== to && (direction === "upstream" ? to : from) === start)
        .map(({ from, to }) => (direction === "upstream" ? from : to)),
    );
}
