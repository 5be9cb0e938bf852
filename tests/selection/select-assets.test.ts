import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { AssetState } from "../../framework/definition/asset-state.ts";
import { buildAssetGraph } from "../../framework/graph/build-asset-graph.ts";
import { defineProject } from "../../framework/index.ts";
import { requestNeedsState, selectAssets } from "../../framework/selection/select-assets.ts";
import { shopGraph } from "./shop-graph.ts";

const graph = shopGraph();
const context = {
  stateOf: (key: AssetKey) => new Set<AssetState>(key === "payments" ? ["stale"] : ["fresh"]),
};
const select = (texts: readonly string[], exclude: readonly string[] = []) =>
  selectAssets({ select: texts, exclude }, graph, context);

/** A failure as a terminal shows it. */
function shown(texts: readonly string[], exclude: readonly string[] = []): string {
  const selected = select(texts, exclude);
  if (selected.ok) throw new Error(`selected ${selected.value.keys.join(" ")}`);
  const { reason, message, detail = [], hint } = selected.error;
  return [`${reason}: ${message}`, ...detail, ...(hint === undefined ? [] : [hint])].join("\n");
}

describe("asking for assets", () => {
  it("nothing said selects everything, in topological order", () => {
    expect(select([])).toEqual({ ok: true, value: { keys: graph.order, text: "" } });
  });

  it("several selections are a union", () => {
    expect(select(["daily_revenue+", "zip_index"])).toEqual({
      ok: true,
      value: { keys: ["daily_revenue", "zip_index", "monthly_revenue"], text: "daily_revenue+ or zip_index" },
    });
  });

  it("exclusions are taken away last, from all selections", () => {
    expect(select(["daily_revenue+", "zip_index"], ["tag:nightly,+monthly_revenue", "people"])).toEqual({
      ok: true,
      value: {
        keys: ["zip_index"],
        text: "(daily_revenue+ or zip_index) and not (tag:nightly and +monthly_revenue or people)",
      },
    });
  });

  it("exclusions alone are taken away from everything", () => {
    expect(select([], ["group:batch", "warehouse/**"])).toEqual({
      ok: true,
      value: {
        keys: ["daily_revenue", "zip_index", "monthly_revenue"],
        text: "** and not (group:batch or warehouse/**)",
      },
    });
  });

  it("one selection is shown as it was typed", () => {
    const selected = select(["  daily_revenue zip_index,kind:function "]);
    expect(selected.ok && selected.value.text).toBe("daily_revenue zip_index,kind:function");
  });

  it("what states leave empty is nothing to do, not a failure", () => {
    const nothing = (text: string) => ({ ok: true, value: { keys: [], text } });
    expect(select(["orders,state:stale"])).toEqual(nothing("orders,state:stale"));
    expect(select(["orders"], ["state:fresh"])).toEqual(nothing("orders and not state:fresh"));
    expect(select([], ["state:fresh or state:stale"])).toEqual(
      nothing("** and not (state:fresh or state:stale)"),
    );
  });

  it("a project without assets has nothing to do", () => {
    const empty = buildAssetGraph(defineProject({ name: "empty", assets: [] })).graph;
    if (empty === undefined) throw new Error("no graph");
    const selected = selectAssets({ select: [], exclude: [] }, empty, context);
    expect(selected).toEqual({ ok: true, value: { keys: [], text: "" } });
  });

  it("git is asked about if it is there", () => {
    const changedSince = () => new Set(["orders" as AssetKey, "not/ours" as AssetKey]);
    const selected = selectAssets({ select: ["git:main"], exclude: [] }, graph, { ...context, changedSince });
    expect(selected.ok && selected.value.keys).toEqual(["orders"]);
  });

  it("tells beforehand whether states are needed", () => {
    const needs = (texts: readonly string[], exclude: readonly string[] = []) =>
      requestNeedsState({ select: texts, exclude });
    expect([needs([]), needs(["orders+"]), needs(["orders ("])]).toEqual([false, false, false]);
    expect([needs(["orders", "+state:new"]), needs([], ["state:fresh"])]).toEqual([true, true]);
  });

  it("ten thousand selections are resolved", () => {
    const texts = Array.from({ length: 10_000 }, () => "orders");
    const selected = select(texts);
    expect(selected.ok && selected.value.keys).toEqual(["orders"]);
  });
});

describe("a failure shows the place:", () => {
  it("an asset that is not there", () => {
    expect(shown(["order+"])).toMatchInlineSnapshot(`
      "asset-not-found: no asset "order"
      order+
      ^^^^^  --select 1:1
      did you mean orders, order_items?    assets list shows all"
    `);
  });

  it("a fault in the middle of a text of several lines", () => {
    expect(shown(["orders or\n  +tag:cor and people\nor customers"])).toMatchInlineSnapshot(`
      "selection-invalid: no asset has the tag "cor"
        +tag:cor and people
         ^^^^^^^  --select 2:4
      did you mean core?"
    `);
  });

  it("something missing at the end", () => {
    expect(shown(["orders and"], [])).toMatchInlineSnapshot(`
      "selection-invalid: "and" has nothing on its right
      orders and
             ^^^  --select 1:8
      an asset of that name is written key:and"
    `);
    expect(shown(["(orders"], [])).toMatchInlineSnapshot(`
      "selection-invalid: "(" is not closed
      (orders
      ^  --select 1:1
      add its )"
    `);
  });

  it("an empty text, such as an unset variable gives", () => {
    expect(shown([""])).toMatchInlineSnapshot(`
      "selection-invalid: the selection is empty
      --select ""
      name assets, like orders+ or tag:core; ** is all of them"
    `);
  });

  it("faults of all texts at once", () => {
    expect(shown(["ordrs peple", "roots(orders"], ["tag:cor", "orders"])).toMatchInlineSnapshot(`
      "selection-invalid: 4 faults in the selection
      no asset "ordrs"
        ordrs peple
        ^^^^^  --select 1:1
        did you mean orders?
      no asset "peple"
        ordrs peple
              ^^^^^  --select 1:7
        did you mean people?
      "(" is not closed
        roots(orders
             ^  --select 1:6
        add its )
      no asset has the tag "cor"
        tag:cor
        ^^^^^^^  --exclude 1:1
        did you mean core?"
    `);
  });

  it("several assets that are not there", () => {
    expect(shown(["ordrs peple"])).toMatchInlineSnapshot(`
      "asset-not-found: 2 faults in the selection
      no asset "ordrs"
        ordrs peple
        ^^^^^  --select 1:1
        did you mean orders?
      no asset "peple"
        ordrs peple
              ^^^^^  --select 1:7
        did you mean people?
      assets list shows all"
    `);
  });

  it("a long text is cut around the place", () => {
    const many = Array.from({ length: 30 }, () => "orders").join(" or ");
    expect(shown([`${many} or ordrs or ${many}`])).toMatchInlineSnapshot(`
      "asset-not-found: no asset "ordrs"
      … or orders or ordrs or orders or orders or orders or ord…
                     ^^^^^  --select 1:301
      did you mean orders?    assets list shows all"
    `);
    expect(shown([`${"o".repeat(300)} or ${many}`])).toMatchInlineSnapshot(`
      "asset-not-found: no asset "oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo…"
      oooooooooooooooooooooooooooooooooooooooooooooooooooooooo…
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^  --select 1:1
      assets list shows all"
    `);
  });

  it("what a terminal would act on is not shown", () => {
    expect(shown(["orders \u001b[31mred\u0007\u200b 🙂 ordrs"])).toMatchInlineSnapshot(`
      "asset-not-found: 3 faults in the selection
      no asset " [31mred  "
        orders  [31mred   🙂 ordrs
               ^^^^^^^^^^  --select 1:8
      no asset "🙂"
        orders  [31mred   🙂 ordrs
                          ^  --select 1:19
      no asset "ordrs"
        orders  [31mred   🙂 ordrs
                            ^^^^^  --select 1:21
        did you mean orders?
      assets list shows all"
    `);
  });

  it("many faults are counted beyond the first ten", () => {
    const failure = shown([Array.from({ length: 30 }, (_, index) => `n${index}`).join(" ")]).split("\n");
    expect(failure[0]).toBe("asset-not-found: 30 faults in the selection");
    expect(failure.slice(-2)).toEqual(["and 20 more", "assets list shows all"]);
  });

  it("a selection of nothing says why it is empty", () => {
    expect(shown(["orders,people"])).toMatchInlineSnapshot(`
      "selection-empty: the selection is empty
      orders,people
      a comma and \`and\` keep what is in both sides; a space and \`or\` join them"
    `);
    expect(shown(["orders customers"], ["tag:core"])).toMatchInlineSnapshot(`
      "selection-empty: the selection is empty
      (orders or customers) and not tag:core
      --exclude takes away all 2 assets that --select gives"
    `);
    expect(shown(["orders"], ["orders"])).toMatchInlineSnapshot(`
      "selection-empty: the selection is empty
      orders and not orders
      --exclude takes away the one asset that --select gives"
    `);
    expect(shown(["orders,people"], ["tag:core"])).toMatchInlineSnapshot(`
      "selection-empty: the selection is empty
      orders and people and not tag:core
      a comma and \`and\` keep what is in both sides; a space and \`or\` join them"
    `);
    expect(shown(["state:failed"], ["**"])).toMatchInlineSnapshot(`
      "selection-empty: the selection is empty
      state:failed and not **
      --exclude takes away all that --select gives"
    `);
    expect(shown([], ["**"])).toMatchInlineSnapshot(`
      "selection-empty: the selection is empty
      ** and not **
      --exclude takes away all 14 assets that --select gives"
    `);
  });
});
