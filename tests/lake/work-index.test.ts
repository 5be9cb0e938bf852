import { describe, expect, it } from "vitest";
import { formatVersion, type Manifest } from "../../framework/lake/records.ts";
import type { Store } from "../../framework/lake/storage/store.ts";
import { sweepObject } from "../../framework/lake/sweep.ts";
import { manifestObject } from "../../framework/lake/versions.ts";
import { findWork, recordWork, replaceWork, workObject } from "../../framework/lake/work-index.ts";
import { controlledStore } from "./controlled-store.ts";
import { emptyLake, key, makeVersion, manifestOf, workOf } from "./fixtures.ts";
import { set, value } from "./store-contract.ts";

const orders = key("orders");

async function record(store: Store, manifest: Manifest): Promise<string> {
  const { outcome, record: standing } = value(await recordWork(store, orders, "f1", workOf(manifest)));
  return `${outcome} ${standing.version}`;
}

async function found(store: Store): Promise<string | undefined> {
  return value(await findWork(store, orders, "f1"))?.record.version;
}

describe("the work index", () => {
  it("finds nothing for work that was never done, and what it was recorded as afterwards", async () => {
    const store = await emptyLake();
    expect(value(await findWork(store, orders, "f1"))).toBeUndefined();
    const made = await makeVersion(store, orders);
    expect(await record(store, made)).toBe(`recorded ${made.version}`);
    expect(value(await findWork(store, orders, "f1"))?.record).toEqual(workOf(made));
    expect(value(await findWork(store, orders, "f2"))).toBeUndefined();
  });

  it("gives the first one's record to who comes second", async () => {
    const store = await emptyLake();
    const [a, b] = [await makeVersion(store, orders), await makeVersion(store, orders)];
    await record(store, a);
    expect(await record(store, b)).toBe(`adopted ${a.version}`);
    expect(await found(store)).toBe(a.version);
  });

  it("lets one of many at once win, and all others adopt that one", async () => {
    const store = await emptyLake();
    const made = await Promise.all(Array.from({ length: 8 }, () => makeVersion(store, orders)));
    const outcomes = await Promise.all(made.map((manifest) => record(store, manifest)));
    const winner = await found(store);
    expect(outcomes.filter((outcome) => outcome === `recorded ${winner}`)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === `adopted ${winner}`)).toHaveLength(7);
  });

  it("takes its own record for recorded when the write was applied and answered as a conflict", async () => {
    const inner = await emptyLake();
    const made = await makeVersion(inner, orders);
    const store = controlledStore(inner, ({ method }) => (method === "swapPointer" ? "ambiguous" : "go"));
    expect(await record(store, made)).toBe(`recorded ${made.version}`);
    const forced = await makeVersion(inner, orders);
    expect(value(await replaceWork(store, orders, "f1", workOf(forced)))).toEqual({
      record: workOf(forced),
      outcome: "recorded",
    });
  });

  it.each(["without a manifest", "without its part", "that is condemned", "whose manifest is damaged"])(
    "replaces a record of a version %s, which would be adopted for ever",
    async (how) => {
      const store = await emptyLake();
      const old = how === "whose manifest is damaged" ? manifestOf(orders) : await makeVersion(store, orders);
      const [part] = old.parts;
      await set(store, workObject(orders, "f1"), JSON.stringify(workOf(old)));
      const manifest = manifestObject(orders, old.version);
      if (how === "without a manifest") value(await store.delete(manifest));
      if (how === "without its part") value(await store.delete(part?.object ?? ""));
      if (how === "that is condemned") {
        await set(store, sweepObject, JSON.stringify({ formatVersion, sweep: 1, condemned: [manifest] }));
      }
      if (how === "whose manifest is damaged") value(await store.create(manifest, Buffer.from("{")));
      const made = await makeVersion(store, orders);
      expect(await record(store, made)).toBe(`recorded ${made.version}`);
      expect(await found(store)).toBe(made.version);
    },
  );

  it("replaces a damaged record, but finding one says so and what to do", async () => {
    const store = await emptyLake();
    await set(store, workObject(orders, "f1"), '{"formatVersion":1,"version":"../x"}');
    expect(await findWork(store, orders, "f1")).toMatchObject({
      ok: false,
      error: {
        reason: "lake-corrupt",
        object: "work/orders/f1.json",
        hint: "make it again: assets materialize --select orders --force",
      },
    });
    const made = await makeVersion(store, orders);
    expect(await record(store, made)).toBe(`recorded ${made.version}`);
  });

  it("does not replace what another version of the program wrote", async () => {
    const store = await emptyLake();
    await set(store, workObject(orders, "f1"), '{"formatVersion":2}');
    const made = await makeVersion(store, orders);
    const failure = { reason: "format-unknown", object: "work/orders/f1.json", found: 2 };
    expect(await recordWork(store, orders, "f1", workOf(made))).toMatchObject({ ok: false, error: failure });
  });
});

describe("forced work", () => {
  it("replaces what the index said", async () => {
    const store = await emptyLake();
    const [a, b] = [await makeVersion(store, orders), await makeVersion(store, orders)];
    await record(store, a);
    expect(value(await replaceWork(store, orders, "f1", workOf(b)))).toMatchObject({ outcome: "recorded" });
    expect(await found(store)).toBe(b.version);
  });

  it("is recorded where there was nothing", async () => {
    const store = await emptyLake();
    const made = await makeVersion(store, orders);
    expect(value(await replaceWork(store, orders, "f1", workOf(made), null))).toMatchObject({
      outcome: "recorded",
    });
  });

  it.each(["a record", "nothing"])("is adopted by the second of two that began from %s", async (from) => {
    const store = await emptyLake();
    const made = await makeVersion(store, orders);
    if (from === "a record") await record(store, made);
    const seen = value(await findWork(store, orders, "f1"))?.tag ?? null;
    const [a, b] = [await makeVersion(store, orders), await makeVersion(store, orders)];
    expect(value(await replaceWork(store, orders, "f1", workOf(a), seen)).outcome).toBe("recorded");
    expect(value(await replaceWork(store, orders, "f1", workOf(b), seen))).toEqual({
      record: workOf(a),
      outcome: "adopted",
    });
  });
});
