import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { AssetState } from "../../framework/definition/asset-state.ts";
import { mainState, readAssetStates } from "../../framework/report/asset-state.ts";
import { controlledShop, customerRows, orderRows, ordersForeignKey } from "../rig/controlled-shop.ts";
import { openRunRig, type RunRig, sharedDuckdb } from "../rig/run-rig.ts";
import { checked, ended } from "../rig/told.ts";

const duckdb = sharedDuckdb();
const tables = { customers: customerRows(1), orders: orderRows(1) };

/** The states of all assets, those that failed last given. */
async function states(rig: RunRig, ...failed: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const all = readAssetStates(await rig.plan(), new Set(failed as readonly AssetKey[]));
  return Object.fromEntries([...all].map(([key, of]) => [key, [...of].sort().join(" ")]));
}

describe("the states of assets", () => {
  it("are missing and new before anything is made, and fresh when all is", async () => {
    const rig = await openRunRig(duckdb, controlledShop(tables));
    expect(await states(rig)).toEqual({
      buyers: "missing new",
      customers: "missing new",
      orders: "missing new",
    });
    await rig.materialize();
    expect(await states(rig)).toEqual({ buyers: "fresh", customers: "fresh", orders: "fresh" });
  });

  it("are stale where rows changed or may change, and modified only where the declaration did", async () => {
    const shop = controlledShop(tables);
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    shop.shop.set("orders", orderRows(1, 1));
    expect(await states(rig)).toEqual({ buyers: "stale", customers: "fresh", orders: "stale" });
    shop.shop.set("orders", orderRows(1));
    rig.declare({ ...shop, code: { buyers: "edited" } });
    expect(await states(rig)).toEqual({ buyers: "modified stale", customers: "fresh", orders: "fresh" });
  });

  it("are failed until what failed is made, or fresh to the last check", async () => {
    const shop = controlledShop(tables);
    const rig = await openRunRig(duckdb, shop);
    await rig.materialize();
    expect(await states(rig, "orders")).toEqual({ buyers: "fresh", customers: "fresh", orders: "fresh" });

    // Orders are what they should be, but a customer of theirs is gone.
    shop.shop.set("customers", customerRows(2));
    const run = await rig.materialize();
    expect(checked(run)).toEqual({ [ordersForeignKey]: "failed" });
    expect(ended(run)["orders"]).toBe("failed: check-failed");
    expect(await states(rig, "orders")).toEqual({
      buyers: "stale",
      customers: "stale",
      orders: "failed fresh",
    });
  });

  it.each<[readonly AssetState[], AssetState]>([
    [["fresh"], "fresh"],
    [["modified", "stale"], "stale"],
    [["missing", "new"], "missing"],
    [["failed", "missing", "new"], "failed"],
    [["failed", "fresh"], "failed"],
  ])("%j are shown as %s where there is room for one", (all, shown) => {
    expect(mainState(new Set(all))).toBe(shown);
  });
});
