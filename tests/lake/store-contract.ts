import { readFile, stat, writeFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import type { Store } from "../../framework/lake/storage/store.ts";
import { type Opener, runElsewhere } from "./other-process.ts";

/** A new empty store, and how another process opens the same one. */
export interface OpenedStore {
  readonly store: Store;
  readonly opener: Opener;
}

/** What any store must do, whatever it stands on. `open` gives a new empty one for each test and cleans up after it. */
export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  // A store may be far away, or its disk slow to sync.
  vi.setConfig({ testTimeout: 60_000 });
  describe(`${name} keeps the contract of a store:`, () => {
    describe("objects", () => {
      it("are not there before they are written", async () => {
        const { store } = await open();
        expect(value(await store.get("data/orders/v1-1.parquet"))).toBeUndefined();
        expect(value(await store.size("data/orders/v1-1.parquet"))).toBeUndefined();
        expect(value(await store.localFile("data/orders/v1-1.parquet"))).toBeUndefined();
      });

      it("are written once, and read back as they were written", async () => {
        const { store } = await open();
        expect(value(await store.create("versions/orders/v1.json", bytes("first")))).toBe("created");
        expect(value(await store.create("versions/orders/v1.json", bytes("second")))).toBe("exists");
        expect(text(value(await store.get("versions/orders/v1.json")))).toBe("first");
        expect(value(await store.size("versions/orders/v1.json"))).toBe(5);
      });

      it("may be empty", async () => {
        const { store } = await open();
        expect(value(await store.create("data/empty", bytes("")))).toBe("created");
        expect(value(await store.get("data/empty"))).toHaveLength(0);
        expect(value(await store.size("data/empty"))).toBe(0);
        expect(await keys(store, "data/")).toEqual(["data/empty"]);
      });

      it("may be large", async () => {
        const { store } = await open();
        const large = new Uint8Array(20_000_000).map((_, index) => (index * 31) % 251);
        value(await store.create("data/large", large));
        const read = value(await store.get("data/large"));
        expect(read && Buffer.compare(read, large)).toBe(0);
        expect(value(await store.size("data/large"))).toBe(large.length);
      });

      it("are taken from a file, which is gone afterwards", async () => {
        const { store } = await open();
        const file = value(await store.temporaryFile(".parquet"));
        expect(file).toMatch(/\.parquet$/);
        await writeFile(file, "rows");
        expect(value(await store.createFromFile("data/orders/v1-1.parquet", file))).toBe("created");
        await expect(stat(file)).rejects.toThrow("ENOENT");
        expect(text(value(await store.get("data/orders/v1-1.parquet")))).toBe("rows");
        const local = value(await store.localFile("data/orders/v1-1.parquet")) ?? "";
        expect(await readFile(local, "utf8")).toBe("rows");
      });

      it("are not replaced by a file, which is gone all the same", async () => {
        const { store } = await open();
        value(await store.create("data/orders/v1-1.parquet", bytes("first")));
        const file = value(await store.temporaryFile(".parquet"));
        await writeFile(file, "second");
        expect(value(await store.createFromFile("data/orders/v1-1.parquet", file))).toBe("exists");
        await expect(stat(file)).rejects.toThrow("ENOENT");
        expect(text(value(await store.get("data/orders/v1-1.parquet")))).toBe("first");
      });

      it("are streamed in parts from files that do not share a name", async () => {
        const { store } = await open();
        const files = await Promise.all(Array.from({ length: 8 }, () => store.temporaryFile(".parquet")));
        const names = files.map(value);
        expect(new Set(names).size).toBe(8);
        const written = names.map(async (file, n) => {
          await writeFile(file, `part ${n}`);
          return value(await store.createFromFile(`data/orders/v1-${n}.parquet`, file));
        });
        expect(new Set(await Promise.all(written))).toEqual(new Set(["created"]));
        for (const n of names.keys()) {
          expect(text(value(await store.get(`data/orders/v1-${n}.parquet`)))).toBe(`part ${n}`);
        }
      });

      it("are gone once deleted, however often", async () => {
        const { store } = await open();
        value(await store.create("data/orders/v1-1.parquet", bytes("rows")));
        value(await store.delete("data/orders/v1-1.parquet"));
        value(await store.delete("data/orders/v1-1.parquet"));
        value(await store.delete("never/was"));
        expect(value(await store.get("data/orders/v1-1.parquet"))).toBeUndefined();
        expect(await keys(store, "")).toEqual([]);
      });

      it("are created by one of twenty in several processes", async () => {
        const { store, opener } = await open();
        const orders = Array.from({ length: 4 }, (_, n) => ({
          work: "race" as const,
          key: "versions/orders/v1.json",
          writers: Array.from({ length: 5 }, (_, writer) => `${n}-${writer}`),
        }));
        const won = (await runElsewhere(opener, orders)).flat();
        expect(won).toHaveLength(1);
        expect(text(value(await store.get("versions/orders/v1.json")))).toBe(won[0]);
      });
    });

    describe("pointers", () => {
      const key = "environments/dev.json";

      it("are not there before the first swap, which expects nothing", async () => {
        const { store } = await open();
        expect(value(await store.readPointer(key))).toBeUndefined();
        const tag = value(await store.swapPointer(key, bytes("one"), undefined));
        const held = value(await store.readPointer(key));
        expect(text(held?.bytes)).toBe("one");
        expect(held?.tag).toBe(tag);
      });

      it("move from the tag that was read, and from the tag that a swap gave", async () => {
        const { store } = await open();
        await set(store, key, "one");
        const held = value(await store.readPointer(key));
        const tag = value(await store.swapPointer(key, bytes("two"), held?.tag));
        expect(value(await store.swapPointer(key, bytes("three"), tag))).not.toBe("conflict");
        expect(await pointer(store, key)).toBe("three");
      });

      it("do not move from a stale tag, nor from nothing where there is something", async () => {
        const { store } = await open();
        const first = value(await store.swapPointer(key, bytes("one"), undefined));
        value(await store.swapPointer(key, bytes("two"), first));
        expect(value(await store.swapPointer(key, bytes("stale"), first))).toBe("conflict");
        expect(value(await store.swapPointer(key, bytes("new"), undefined))).toBe("conflict");
        expect(await pointer(store, key)).toBe("two");
      });

      it("do not move from a tag where there is nothing any more", async () => {
        const { store } = await open();
        const tag = value(await store.swapPointer(key, bytes("one"), undefined));
        value(await store.delete(key));
        expect(value(await store.readPointer(key))).toBeUndefined();
        expect(value(await store.swapPointer(key, bytes("stale"), tag))).toBe("conflict");
        expect(value(await store.readPointer(key))).toBeUndefined();
      });

      it("can be made again after they were deleted, and old tags stay stale", async () => {
        const { store } = await open();
        const old = value(await store.swapPointer(key, bytes("one"), undefined));
        value(await store.delete(key));
        value(await store.delete(key));
        const again = value(await store.swapPointer(key, bytes("again"), undefined));
        expect(again).not.toBe("conflict");
        expect(value(await store.swapPointer(key, bytes("stale"), old))).toBe("conflict");
        expect(value(await store.swapPointer(key, bytes("next"), again))).not.toBe("conflict");
        expect(await pointer(store, key)).toBe("next");
      });

      it("hold large values", async () => {
        const { store } = await open();
        const large = "x".repeat(20_000_000);
        await set(store, key, large);
        expect(await pointer(store, key)).toBe(large);
      });

      it("are independent of one another, where one's key begins like another's", async () => {
        const { store } = await open();
        await set(store, "environments/dev.json", "dev");
        await set(store, "environments/dev.json2", "dev2");
        await set(store, "environments/de", "de");
        await set(store, "environments/dev.json", "dev again");
        expect(await pointer(store, "environments/dev.json")).toBe("dev again");
        expect(await pointer(store, "environments/dev.json2")).toBe("dev2");
        expect(await pointer(store, "environments/de")).toBe("de");
      });

      it("let one of twenty writers in one process move them", async () => {
        const { store } = await open();
        const tag = value(await store.swapPointer(key, bytes("start"), undefined));
        const swaps = Array.from({ length: 20 }, (_, n) => store.swapPointer(key, bytes(`writer ${n}`), tag));
        const outcomes = (await Promise.all(swaps)).map(value);
        expect(outcomes.filter((outcome) => outcome !== "conflict")).toHaveLength(1);
        const winner = outcomes.findIndex((outcome) => outcome !== "conflict");
        expect(await pointer(store, key)).toBe(`writer ${winner}`);
      });

      it("lose no increment of four processes with 125 each", async () => {
        const { store, opener } = await open();
        const orders = Array.from({ length: 4 }, () => ({ work: "increment" as const, key, times: 125 }));
        const seen = (await runElsewhere(opener, orders)).flat();
        expect(await pointer(store, key)).toBe("500");
        // No process saw a number go back, and no number was written by two.
        expect(new Set(seen).size).toBe(500);
        expect(await keys(store, "environments/")).toEqual([key]);
      });

      it("give no tag twice while some move them and others delete them", async () => {
        const { store } = await open();
        const tags: string[] = [];
        const move = async (): Promise<void> => {
          for (let done = 0; done < 25; ) {
            const held = value(await store.readPointer(key));
            const tag = value(await store.swapPointer(key, bytes(`${tags.length}`), held?.tag));
            if (tag === "conflict") continue;
            tags.push(tag);
            done++;
          }
        };
        const remove = async (): Promise<void> => {
          for (let done = 0; done < 10; done++) value(await store.delete(key));
        };
        await Promise.all([move(), move(), remove()]);
        expect(tags).toHaveLength(50);
        expect(new Set(tags).size).toBe(50);
      });
    });

    describe("lists", () => {
      it("are empty where there is nothing", async () => {
        const { store } = await open();
        expect(await keys(store, "")).toEqual([]);
        expect(await keys(store, "data/")).toEqual([]);
      });

      it("name objects and pointers once each, sorted, with what comes after a key", async () => {
        const { store } = await open();
        const objects = [
          "data/a/x",
          "data/a-b/x",
          "data/a.b/x",
          "data/a",
          "data/ab/x",
          "data/a/b/c",
          "z",
          "0",
        ];
        // No key is a prefix of another in a lake: "data/a" is left out where "data/a/" has something.
        const good = objects.filter((key) => key !== "data/a");
        for (const key of [...good].reverse()) value(await store.create(key, bytes(key)));
        for (const n of [1, 2, 3]) await set(store, "data/p.json", String(n));
        await set(store, "data/gone.json", "gone");
        value(await store.delete("data/gone.json"));
        const all = [...good, "data/p.json"].sort();
        expect(await keys(store, "")).toEqual(all);
        expect(await keys(store, "data/")).toEqual(all.filter((key) => key.startsWith("data/")));
        expect(await keys(store, "data/a/")).toEqual(["data/a/b/c", "data/a/x"]);
        for (const after of [
          "data/a",
          "data/a/",
          "data/a/b",
          "data/a/b/c",
          "data/a/x",
          "data/b",
          "data/p.json",
          "zz",
        ]) {
          expect(await keys(store, "", after)).toEqual(all.filter((key) => key > after));
        }
      });

      it("do not show files that are being written", async () => {
        const { store } = await open();
        await writeFile(value(await store.temporaryFile(".parquet")), "rows");
        expect(await keys(store, "")).toEqual([]);
      });

      it("can be left before their end", async () => {
        const { store } = await open();
        for (const key of ["a/1", "a/2", "b/1"]) value(await store.create(key, bytes(key)));
        for await (const key of store.list("")) {
          expect(value(key)).toBe("a/1");
          break;
        }
      });
    });

    describe("keys", () => {
      const bad = [
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/..",
        "./a",
        "A",
        "a b",
        "a\\b",
      ];
      const worse = ["a\0b", "a~1", "é", "a\n", "%2e%2e/a", "c:", "a".repeat(300)];

      it.each([...bad, ...worse].map((key) => [JSON.stringify(key), key]))(
        "%s is refused",
        async (_, key) => {
          const { store } = await open();
          const refused = /Internal error/;
          await expect(store.get(key)).rejects.toThrow(refused);
          await expect(store.create(key, bytes("x"))).rejects.toThrow(refused);
          await expect(store.createFromFile(key, "/nowhere")).rejects.toThrow(refused);
          await expect(store.localFile(key)).rejects.toThrow(refused);
          await expect(store.size(key)).rejects.toThrow(refused);
          await expect(store.readPointer(key)).rejects.toThrow(refused);
          await expect(store.swapPointer(key, bytes("x"), undefined)).rejects.toThrow(refused);
          await expect(store.delete(key)).rejects.toThrow(refused);
          if (key !== "") await expect(keys(store, `${key}/`)).rejects.toThrow(refused);
        },
      );

      it("are not made of a temporary file's suffix", async () => {
        const { store } = await open();
        await expect(store.temporaryFile("/../../x")).rejects.toThrow(/Internal error/);
      });
    });
  });
}

export function bytes(of: string): Uint8Array {
  return new TextEncoder().encode(of);
}

export function text(of: Uint8Array | undefined): string | undefined {
  return of && new TextDecoder().decode(of);
}

/** The value of a result that is expected to have one. */
export function value<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (result.ok) return result.value;
  throw new Error(`a failure: ${JSON.stringify(result.error)}`);
}

export async function keys(store: Store, prefix: string, after?: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const key of store.list(prefix, after)) found.push(value(key));
  return found;
}

/** Moves a pointer to a text, whatever it holds. */
export async function set(store: Store, key: string, to: string): Promise<void> {
  const held = value(await store.readPointer(key));
  expect(value(await store.swapPointer(key, bytes(to), held?.tag))).not.toBe("conflict");
}

export async function pointer(store: Store, key: string): Promise<string | undefined> {
  return text(value(await store.readPointer(key))?.bytes);
}
