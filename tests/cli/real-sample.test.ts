import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { shopResource } from "../../assets/shop-resource.ts";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { readEnvironment } from "../../framework/lake/environments.ts";
import { openLocalStore } from "../../framework/lake/storage/local.ts";
import { createVersionReader } from "../../framework/run/version-reader.ts";
import { tables } from "../../metadata/tables.ts";
import { valuesOf } from "../engines/csv/csv-values.ts";
import { type EngineRig, openRig, unwrap } from "../engines/engine-rig.ts";
import { type CommandResult, repository, runCommand } from "../rig/project-rig.ts";

const folder = process.env["OLIST_SAMPLE"];

const rows = {
  category_translation: 71,
  customers: 8135,
  geolocation: 45_928,
  order_items: 8365,
  orders: 8135,
  payments: 8924,
  products: 5460,
  reviews: 8225,
  sellers: 1610,
} as const;

/** The six foreign keys, written out here so that a key that is no longer declared is missed. */
const foreignKeys = [
  ["orders", "customers", "customer_id"],
  ["order_items", "orders", "order_id"],
  ["order_items", "products", "product_id"],
  ["order_items", "sellers", "seller_id"],
  ["payments", "orders", "order_id"],
  ["reviews", "orders", "order_id"],
] as const;

if (process.env["REQUIRE_ALL"] === "1") {
  test("the real sample is there", () => {
    expect(folder, "set OLIST_SAMPLE to the folder of the sample's CSV files").toBeTruthy();
  });
}

describe.skipIf(folder === undefined)("the whole project on the real sample (OLIST_SAMPLE)", () => {
  let lake: string;
  let engine: EngineRig;
  let first: CommandResult;
  const assets = (...words: readonly string[]): Promise<CommandResult> =>
    runCommand(repository, { OLIST_DIR: folder ?? "", ASSETS_LAKE: lake, ASSETS_ENV: "real" }, words);

  beforeAll(async () => {
    lake = await mkdtemp(join(tmpdir(), "assets-real-sample-"));
    engine = await openRig();
    first = await assets("materialize");
  });
  afterAll(async () => {
    await engine.close();
    await rm(lake, { recursive: true, force: true });
  });

  it("is made, checked and published", () => {
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toContain("published 14 assets to real");
  });

  it.each(Object.entries(rows))("%s has %i rows, and every value is the file's", async (name, count) => {
    const resource = shopResource({ OLIST_DIR: folder });
    if (resource.kind !== "csv" || folder === undefined) throw new Error("no folder of CSV files");
    const store = openLocalStore(lake);
    const entry = unwrap(await readEnvironment(store, "real"))?.environment.assets[name as AssetKey];
    const relation = unwrap(
      await createVersionReader(store).relation(name as AssetKey, entry?.version ?? ""),
    );
    const actual = await engine.read(relation);
    const text = readFileSync(join(folder, resource.files[name] ?? ""), "utf8");
    const expected = valuesOf(text, relation.schema.columns);
    expect(actual).toHaveLength(count);
    expect(relation.schema.columns.map((column) => column.name).sort()).toEqual(
      Object.keys(tables[name as keyof typeof tables].columns).sort(),
    );
    for (const [index, row] of actual.entries()) expect(row).toEqual(expected[index]);
  });

  it.each(foreignKeys)("no row of %s is without its %s", async (from, to, column) => {
    const orphans = `select count(*) from ${from} where ${column} is null or ${column} not in (select ${column} from ${to})`;
    const answer = await assets("query", orphans, "--json");
    expect(JSON.parse(answer.stdout)).toMatchObject({ rows: [["0"]] });
  });

  it("has nothing to do a second time", async () => {
    const second = await assets("materialize");
    expect(second.stdout).toContain("nothing to do: 14 assets fresh");
    expect(second.exitCode).toBe(0);
  });
});
