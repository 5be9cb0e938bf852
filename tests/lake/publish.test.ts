import { describe, expect, it, vi } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { environmentBytes, environmentObject, readEnvironment } from "../../framework/lake/environments.ts";
import { type PublishRequest, publish } from "../../framework/lake/publish.ts";
import { type Environment, formatVersion, type Manifest } from "../../framework/lake/records.ts";
import type { Store } from "../../framework/lake/storage/store.ts";
import { sweepObject } from "../../framework/lake/sweep.ts";
import { manifestObject } from "../../framework/lake/versions.ts";
import { controlledStore, Stopped, type StoreCall, type Verdict } from "./controlled-store.ts";
import { at, emptyLake, entryOf, key, makeVersion, manifestOf } from "./fixtures.ts";
import { keys, set, value } from "./store-contract.ts";

// Many small files, each synced to disk.
vi.setConfig({ testTimeout: 30_000 });

const orders = key("orders");
const payments = key("payments");
const sellers = key("sellers");

type Seen = Readonly<Record<AssetKey, Manifest | null>>;

/** A request that publishes versions over those that a plan saw. */
function request(made: Seen, seen: Seen = {}, more: Partial<PublishRequest> = {}): PublishRequest {
  const names = Object.keys(made) as AssetKey[];
  return {
    environment: "dev",
    run: "run2",
    at,
    entries: Object.fromEntries(names.map((name) => [name, made[name] ? entryOf(made[name]) : null])),
    expected: Object.fromEntries(names.map((name) => [name, seen[name]?.version ?? null])),
    read: {},
    ...more,
  };
}

async function present(store: Store): Promise<Environment> {
  const held = value(await readEnvironment(store, "dev"));
  if (held === undefined) throw new Error("no environment");
  return held.environment;
}

/** What the environment holds, by version. */
async function versions(store: Store): Promise<Readonly<Record<string, string>>> {
  const { assets } = await present(store);
  return Object.fromEntries(Object.entries(assets).map(([name, entry]) => [name, entry.version]));
}

describe("a publish", () => {
  it("makes a new environment, empty first, and moves it to what was made", async () => {
    const store = controlledStore(await emptyLake(), () => "go");
    const made = await makeVersion(store, orders);
    const done = value(await publish(store, request({ [orders]: made })));
    expect(done).toEqual({ published: ["orders"], readMoved: [] });
    expect(await present(store)).toEqual({
      formatVersion,
      name: "dev",
      parent: null,
      assets: { orders: entryOf(made) },
      states: [{ run: "run2", at, replaced: { orders: null } }],
      generations: {},
      pending: [],
      counter: 0,
    });
    expect(store.calls.filter(({ method }) => method === "swapPointer")).toHaveLength(2);
  });

  it("reads the pointer, then what is condemned, then looks at the new versions, then swaps", async () => {
    const inner = await emptyLake();
    const a = await makeVersion(inner, orders);
    value(await publish(inner, request({ [orders]: a })));
    const b = await makeVersion(inner, payments);
    const store = controlledStore(inner, () => "go");
    value(await publish(store, request({ [payments]: b })));
    expect(store.calls.map(({ method, key }) => `${method} ${key}`)).toEqual([
      "readPointer environments/dev.json",
      "readPointer gc.json",
      `get ${manifestObject(payments, b.version)}`,
      `size ${b.parts[0]?.object}`,
      "swapPointer environments/dev.json",
    ]);
  });

  it("leaves everything else as it is: other assets, pending swaps, generations, the counter, the parent", async () => {
    const store = await emptyLake();
    const before: Environment = {
      formatVersion,
      name: "dev",
      parent: { name: "prod", follows: "creation" },
      assets: { [sellers]: entryOf(manifestOf(sellers)) },
      states: [{ run: "run1", at, replaced: { [sellers]: null } }],
      generations: { warehouse: "g1" },
      pending: [{ server: "warehouse", generation: "g2", clone: "c2" }],
      counter: 7,
    };
    await set(store, environmentObject("dev"), Buffer.from(environmentBytes(before)).toString());
    const made = await makeVersion(store, orders);
    value(await publish(store, request({ [orders]: made })));
    expect(await present(store)).toEqual({
      ...before,
      assets: { orders: entryOf(made), sellers: before.assets[sellers] },
      states: [{ run: "run2", at, replaced: { orders: null } }, ...before.states],
    });
  });

  it("removes an asset that is to be gone, and remembers it", async () => {
    const store = await emptyLake();
    const made = await makeVersion(store, orders);
    value(await publish(store, request({ [orders]: made })));
    const gone = request({ [orders]: null }, { [orders]: made }, { run: "run3" });
    expect(value(await publish(store, gone)).published).toEqual(["orders"]);
    expect(await versions(store)).toEqual({});
    expect((await present(store)).states[0]).toEqual({
      run: "run3",
      at,
      replaced: { orders: entryOf(made) },
    });
    // Removing what is gone already is done at once.
    value(await publish(store, gone));
    expect((await present(store)).states).toHaveLength(2);
  });

  it("is refused by what the environment holds at the moment of the swap, not when the run was planned", async () => {
    const lake = await emptyLake();
    const [mine, theirs] = [await makeVersion(lake, orders), await makeVersion(lake, payments)];
    value(await publish(lake, request({ [sellers]: await makeVersion(lake, sellers) })));
    let isFirst = true;
    const store = controlledStore(lake, async (call): Promise<Verdict> => {
      if (call.method === "swapPointer" && isFirst) {
        isFirst = false;
        value(await publish(lake, request({ [payments]: theirs })));
      }
      return "go";
    });
    const refusal = { reason: "sample-over-real", assets: [payments], message: "real by now" } as const;
    const refuse = ({ assets }: Environment): typeof refusal | undefined =>
      payments in assets ? refusal : undefined;
    expect(await publish(store, request({ [orders]: mine }, {}, { refuse }))).toEqual({
      ok: false,
      error: refusal,
    });
    expect(Object.keys(await versions(lake))).toEqual(["payments", "sellers"]);
  });

  it("of nothing makes no environment", async () => {
    const store = await emptyLake();
    expect(value(await publish(store, request({})))).toEqual({ published: [], readMoved: [] });
    expect(await keys(store, "")).toEqual([]);
  });

  it("keeps the last ten states, or as many as it is told", async () => {
    const store = await emptyLake();
    let last: Manifest | null = null;
    const publishOne = async (n: number, keepStates?: number): Promise<void> => {
      const made = await makeVersion(store, orders);
      const more = { run: `run${n}`, ...(keepStates !== undefined && { keepStates }) };
      value(await publish(store, request({ [orders]: made }, { [orders]: last }, more)));
      last = made;
    };
    for (let n = 1; n <= 12; n++) await publishOne(n);
    const runs = async () => (await present(store)).states.map(({ run }) => run);
    expect(await runs()).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `run${n}`));
    await publishOne(13, 2);
    expect(await runs()).toEqual(["run13", "run12"]);
  });

  it("takes a good key that every object has, and does not find it where it is not", async () => {
    const store = await emptyLake();
    const made = await makeVersion(store, key("constructor"));
    value(await publish(store, request({ [orders]: await makeVersion(store, orders) })));
    expect((await present(store)).assets[key("constructor")]).toBeUndefined();
    value(await publish(store, request({ [key("constructor")]: made })));
    expect((await present(store)).assets[key("constructor")]).toEqual(entryOf(made));
  });

  it("needs to be told what the plan saw", async () => {
    const store = await emptyLake();
    const made = await makeVersion(store, orders);
    const untold = { ...request({ [orders]: made }), expected: {} };
    await expect(publish(store, untold)).rejects.toThrow("Internal error");
  });
});

describe("two publishers", () => {
  it("of different assets both succeed, however they meet", async () => {
    const store = await emptyLake();
    const [a, b] = [await makeVersion(store, orders), await makeVersion(store, payments)];
    const done = await Promise.all([
      publish(store, request({ [orders]: a })),
      publish(store, request({ [payments]: b })),
    ]);
    done.map(value);
    expect(await versions(store)).toEqual({ orders: a.version, payments: b.version });
    expect((await present(store)).states).toHaveLength(2);
  });

  it("in great number all succeed", async () => {
    const store = await emptyLake();
    const names = Array.from({ length: 12 }, (_, n) => key(`asset_${n}`));
    const done = names.map(async (name) =>
      publish(store, request({ [name]: await makeVersion(store, name) })),
    );
    for (const one of await Promise.all(done)) value(one);
    expect(Object.keys(await versions(store))).toEqual([...names].sort());
  });

  it("of the same asset: the second is told of the conflict, and nothing of it is published", async () => {
    const store = await emptyLake();
    const [a, b, c] = [
      await makeVersion(store, orders),
      await makeVersion(store, orders),
      await makeVersion(store, payments),
    ];
    value(await publish(store, request({ [orders]: a })));
    expect(await publish(store, request({ [orders]: b, [payments]: c }))).toEqual({
      ok: false,
      error: {
        reason: "publish-conflict",
        assets: ["orders"],
        message: "orders moved in environment dev since this run was planned",
        hint: "run again: it plans from what is there now, and reuses what was made",
      },
    });
    expect(await versions(store)).toEqual({ orders: a.version });
  });

  it("of the same version are both done, and the second adds no state", async () => {
    const store = await emptyLake();
    const made = await makeVersion(store, orders);
    const later = {
      ...entryOf(made),
      checks: entryOf(made).checks.map((c) => ({ ...c, evaluatedAt: "later" })),
    };
    value(await publish(store, request({ [orders]: made })));
    const second = { ...request({ [orders]: made }), entries: { [orders]: later } };
    expect(value(await publish(store, second)).published).toEqual(["orders"]);
    expect((await present(store)).states).toHaveLength(1);
  });

  it("of the same version, one with another asset beside it: the other is published", async () => {
    const store = await emptyLake();
    const [a, b] = [await makeVersion(store, orders), await makeVersion(store, payments)];
    value(await publish(store, request({ [orders]: a })));
    value(await publish(store, request({ [orders]: a, [payments]: b })));
    expect(await versions(store)).toEqual({ orders: a.version, payments: b.version });
    expect((await present(store)).states[0]?.replaced).toEqual({ payments: null });
  });

  it("are told of what was only read and has moved: what was made is kept", async () => {
    const store = await emptyLake();
    const [a, b, c] = [
      await makeVersion(store, orders),
      await makeVersion(store, orders),
      await makeVersion(store, payments),
    ];
    value(await publish(store, request({ [orders]: a })));
    value(await publish(store, request({ [orders]: b }, { [orders]: a })));
    const read = { [orders]: a.version, [sellers]: null };
    expect(value(await publish(store, request({ [payments]: c }, {}, { read })))).toEqual({
      published: ["payments"],
      readMoved: ["orders"],
    });
    expect(await versions(store)).toEqual({ orders: b.version, payments: c.version });
  });
});

describe("checks alone", () => {
  it("are published over the same version, which need not be looked at", async () => {
    const store = await emptyLake();
    const made = await makeVersion(store, orders);
    value(await publish(store, request({ [orders]: made })));
    const entries = { [orders]: { ...entryOf(made), checks: [] } };
    value(await publish(store, { ...request({ [orders]: made }, { [orders]: made }), entries }));
    expect((await present(store)).assets[orders]?.checks).toEqual([]);
  });
});

describe("a publish that may not be", () => {
  it.each(["no manifest", "no part", "a part that is cut off", "a condemned manifest", "a condemned part"])(
    "names %s: it is refused, and nothing moves",
    async (fault) => {
      const store = await emptyLake();
      const first = await makeVersion(store, payments);
      value(await publish(store, request({ [payments]: first })));
      const before = await present(store);
      const made = await makeVersion(store, orders);
      const part = made.parts[0]?.object ?? "";
      const manifest = manifestObject(orders, made.version);
      if (fault === "no manifest") value(await store.delete(manifest));
      if (fault === "no part" || fault === "a part that is cut off") value(await store.delete(part));
      if (fault === "a part that is cut off") value(await store.create(part, Buffer.from("r")));
      if (fault.includes("condemned")) {
        const condemned = [fault === "a condemned part" ? part : manifest];
        await set(store, sweepObject, JSON.stringify({ formatVersion, sweep: 1, condemned }));
      }
      const refused = await publish(store, request({ [orders]: made }));
      expect(refused).toMatchObject({
        ok: false,
        error: {
          reason: "publish-conflict",
          assets: ["orders"],
          message:
            "nothing was published into environment dev: the new version of orders is no longer whole in the lake, or is about to be swept",
          hint: "run again: what is missing is made anew",
        },
      });
      expect(await present(store)).toEqual(before);
    },
  );

  it("meets a damaged manifest: it is refused with the place", async () => {
    const store = await emptyLake();
    const manifest = manifestOf(orders, "v1");
    value(await store.create(manifestObject(orders, "v1"), Buffer.from("{")));
    expect(await publish(store, request({ [orders]: manifest }))).toMatchObject({
      error: { reason: "lake-corrupt", object: "versions/orders/v1.json" },
    });
  });

  it("looks again at the new versions after every conflict: a sweep may have come in between", async () => {
    const inner = await emptyLake();
    const [a, b] = [await makeVersion(inner, orders), await makeVersion(inner, payments)];
    value(await publish(inner, request({ [payments]: b })));
    let swept = false;
    // A sweep as the protocol has it: it condemns, moves the environment, and deletes.
    const store = controlledStore(inner, async ({ method }): Promise<Verdict> => {
      if (method !== "swapPointer" || swept) return "go";
      swept = true;
      const manifest = manifestObject(orders, a.version);
      await set(inner, sweepObject, JSON.stringify({ formatVersion, sweep: 1, condemned: [manifest] }));
      const moved = { ...(await present(inner)), counter: 1 };
      await set(inner, environmentObject("dev"), Buffer.from(environmentBytes(moved)).toString());
      value(await inner.delete(manifest));
      return "go";
    });
    const refused = await publish(store, request({ [orders]: a }));
    expect(refused).toMatchObject({ error: { reason: "publish-conflict", assets: ["orders"] } });
    expect(await versions(inner)).toEqual({ payments: b.version });
  });

  it("gives up on an environment that never keeps still, and says so", async () => {
    const inner = await emptyLake();
    const made = await makeVersion(inner, orders);
    value(await publish(inner, request({ [payments]: await makeVersion(inner, payments) })));
    const store: Store = {
      ...controlledStore(inner, () => "go"),
      swapPointer: async () => ({ ok: true, value: "conflict" }),
    };
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const random = vi.spyOn(Math, "random").mockReturnValue(0);
    try {
      expect(await publish(store, request({ [orders]: made }))).toMatchObject({
        error: {
          reason: "publish-conflict",
          assets: ["orders"],
          message: expect.stringContaining("200 times"),
        },
      });
    } finally {
      random.mockRestore();
      vi.useRealTimers();
    }
  });
});

describe("a publish that is cut short", () => {
  /** The calls of an undisturbed publish of two assets into a new environment, over an equal lake each time. */
  async function prepared(): Promise<{ store: Store; wanted: PublishRequest; versions: object }> {
    const store = await emptyLake();
    const [a, b] = [await makeVersion(store, orders), await makeVersion(store, payments)];
    return {
      store,
      wanted: request({ [orders]: a, [payments]: b }),
      versions: { orders: a.version, payments: b.version },
    };
  }

  async function callsOfOne(): Promise<readonly StoreCall[]> {
    const { store, wanted } = await prepared();
    const watched = controlledStore(store, () => "go");
    value(await publish(watched, wanted));
    return watched.calls;
  }

  it("before any of its calls shows all or nothing, and can be done again", async () => {
    const { length } = await callsOfOne();
    for (let stopAt = 1; stopAt <= length; stopAt++) {
      const { store, wanted, versions: all } = await prepared();
      const dying = controlledStore(store, ({ number }) => (number === stopAt ? "stop" : "go"));
      await expect(publish(dying, wanted)).rejects.toThrow(Stopped);
      const held = value(await readEnvironment(store, "dev"));
      expect(Object.keys(held?.environment.assets ?? {})).toEqual([]);
      value(await publish(store, wanted));
      expect(await versions(store)).toEqual(all);
    }
  });

  it("by an answer of conflict to what was applied succeeds all the same, and is published once", async () => {
    for (const { number, method } of await callsOfOne()) {
      if (method !== "swapPointer") continue;
      const { store, wanted, versions: all } = await prepared();
      const doubtful = controlledStore(store, (call) => (call.number === number ? "ambiguous" : "go"));
      expect(value(await publish(doubtful, wanted)).published).toEqual(["orders", "payments"]);
      expect(await versions(store)).toEqual(all);
      expect((await present(store)).states).toHaveLength(1);
    }
  });
});
