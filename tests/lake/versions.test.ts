import { describe, expect, it } from "vitest";
import { recordBytes } from "../../framework/lake/parse-record.ts";
import { formatVersion } from "../../framework/lake/records.ts";
import { sweepObject } from "../../framework/lake/sweep.ts";
import {
  manifestObject,
  partObject,
  readManifest,
  versionExists,
  writeManifest,
} from "../../framework/lake/versions.ts";
import { controlledStore } from "./controlled-store.ts";
import { emptyLake, key, makeVersion, manifestOf } from "./fixtures.ts";
import { bytes, set, value } from "./store-contract.ts";

const orders = key("orders");
const remedy = "make it again: assets materialize --select orders --force";

describe("a manifest", () => {
  it("lies where the design says, a key's / as a dot", () => {
    expect(manifestObject(key("warehouse/orders"), "v1")).toBe("versions/warehouse.orders/v1.json");
    expect(partObject(key("warehouse/orders"), "v1", 2)).toBe("data/warehouse.orders/v1-2.parquet");
  });

  it("is read back as it was written, and is not there before", async () => {
    const store = await emptyLake();
    const manifest = manifestOf(orders, "v1");
    expect(value(await readManifest(store, orders, "v1"))).toBeUndefined();
    value(await writeManifest(store, manifest));
    expect(value(await readManifest(store, orders, "v1"))).toEqual(manifest);
  });

  it("may be written twice by a client library, but not with another content", async () => {
    const inner = await emptyLake();
    const store = controlledStore(inner, ({ method }) => (method === "create" ? "ambiguous" : "go"));
    const manifest = manifestOf(orders, "v1");
    value(await writeManifest(store, manifest));
    await expect(writeManifest(store, { ...manifest, rows: 3 })).rejects.toThrow("Internal error");
  });

  const good = JSON.stringify(manifestOf(orders, "v1"));

  it.each([
    ["empty", "", "its 0 bytes are not whole JSON"],
    ["cut off", good.slice(0, 100), "its 100 bytes are not whole JSON"],
    ["no text", "\xff\xfe", "not whole JSON"],
    ["a list", "[]", "it carries no formatVersion"],
    ["null", "null", "it carries no formatVersion"],
    [
      "without a field",
      good.replace('"rows":2,"bytes":4,"dataVersion"', '"bytes":4,"dataVersion"'),
      "rows: ",
    ],
    ["with rows less than none", good.replace('"rows":2', '"rows":-2'), "parts.0.rows: "],
    ["with a part elsewhere", good.replace("data/orders/", "data/../../"), "parts.0.object: "],
    [
      "of another asset",
      good.replace('"asset":"orders","version"', '"asset":"sellers","version"'),
      "it is of version v1 of sellers",
    ],
    [
      "of another version",
      good.replace('"version":"v1","part', '"version":"v2","part'),
      "it is of version v2 of orders",
    ],
  ])("that is %s is a failure that names it and says what to do", async (_, content, what) => {
    const store = await emptyLake();
    value(await store.create(manifestObject(orders, "v1"), Buffer.from(content, "latin1")));
    const read = await readManifest(store, orders, "v1");
    expect(read).toMatchObject({
      ok: false,
      error: { reason: "lake-corrupt", object: "versions/orders/v1.json", hint: remedy },
    });
    expect(!read.ok && read.error.message).toContain(
      "versions/orders/v1.json in the lake ./lake is damaged: ",
    );
    expect(!read.ok && read.error.message).toContain(what);
    expect(await versionExists(store, orders, "v1")).toMatchObject({ error: { reason: "lake-corrupt" } });
  });

  it.each([0, 2, "1", null])("of format %j is refused, and not guessed at", async (found) => {
    const store = await emptyLake();
    const content = recordBytes({ ...manifestOf(orders, "v1"), formatVersion: found });
    value(await store.create(manifestObject(orders, "v1"), content));
    const message = `versions/orders/v1.json in the lake ./lake has formatVersion ${JSON.stringify(found)}; this program knows 1`;
    expect(await readManifest(store, orders, "v1")).toMatchObject({
      ok: false,
      error: { reason: "format-unknown", object: "versions/orders/v1.json", found, message },
    });
  });
});

describe("a version", () => {
  it("is there with its manifest and all parts", async () => {
    const store = await emptyLake();
    const { version } = await makeVersion(store, orders);
    expect(value(await versionExists(store, orders, version))).toBe(true);
  });

  it("is not there without its manifest, without a part, or with a part cut off", async () => {
    const store = await emptyLake();
    expect(value(await versionExists(store, orders, "v1"))).toBe(false);
    value(await writeManifest(store, manifestOf(orders, "v1")));
    expect(value(await versionExists(store, orders, "v1"))).toBe(false);
    value(await store.create(partObject(orders, "v1", 1), bytes("row")));
    expect(value(await versionExists(store, orders, "v1"))).toBe(false);
  });

  it("is not there once a sweep has condemned its manifest or a part", async () => {
    const store = await emptyLake();
    const a = await makeVersion(store, orders);
    const b = await makeVersion(store, orders);
    const c = await makeVersion(store, orders);
    const condemned = [manifestObject(orders, a.version), partObject(orders, b.version, 1)];
    await set(store, sweepObject, JSON.stringify({ formatVersion, sweep: 1, condemned }));
    const there = [a, b, c].map(async ({ version }) => value(await versionExists(store, orders, version)));
    expect(await Promise.all(there)).toEqual([false, false, true]);
  });

  it("cannot be looked for where the sweep under way cannot be read", async () => {
    const store = await emptyLake();
    const { version } = await makeVersion(store, orders);
    await set(store, sweepObject, "{");
    const failure = { reason: "lake-corrupt", object: "gc.json" };
    expect(await versionExists(store, orders, version)).toMatchObject({ ok: false, error: failure });
  });
});
