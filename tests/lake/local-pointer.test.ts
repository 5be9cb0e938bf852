import * as files from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openLocalStore } from "../../framework/lake/storage/local.ts";
import type { Store } from "../../framework/lake/storage/store.ts";
import { bytes, keys, pointer, set, text, value } from "./store-contract.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// What happens just before the next calls of these, as if the process had been paused there.
const beforeLink = vi.hoisted(() => [] as ((to: string) => Promise<void>)[]);
const afterLink = vi.hoisted(() => [] as (() => Promise<void>)[]);
const afterReaddir = vi.hoisted(() => [] as (() => Promise<void>)[]);

vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  return {
    ...original,
    link: async (from: string, to: string) => {
      await beforeLink.shift()?.(to);
      await original.link(from, to);
      await afterLink.shift()?.();
    },
    readdir: async (...parameters: Parameters<typeof original.readdir>) => {
      const names = await original.readdir(...parameters);
      await afterReaddir.shift()?.();
      return names;
    },
  };
});

// Many moves, each synced to disk.
vi.setConfig({ testTimeout: 30_000 });

const key = "environments/dev.json";

/** A lake whose pointer has moved so often, and what tells how its generations lie in the folder. */
async function lakeMoved(
  times: number,
): Promise<{ store: Store; root: string; numbers: () => Promise<readonly number[]> }> {
  const root = await temporaryFolder();
  const store = openLocalStore(root);
  await moveOn(store, times);
  return {
    store,
    root,
    numbers: async () =>
      (await files.readdir(join(root, "environments")))
        .map((name) => Number(name.split("~")[1]))
        .sort((a, b) => a - b),
  };
}

async function moveOn(store: Store, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await set(store, key, `move ${n + 1} of ${times}`);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe("the generations of a pointer in a folder", () => {
  beforeEach(() => {
    beforeLink.length = 0;
    afterLink.length = 0;
    afterReaddir.length = 0;
  });

  it("are numbered from 1 and kept up to 64 behind the current one, trimmed at every sixteenth; 0 marks the first's end", async () => {
    const { store, numbers } = await lakeMoved(64);
    expect(await numbers()).toEqual(range(1, 64));
    await moveOn(store, 15);
    expect(await numbers()).toEqual(range(1, 79));
    await moveOn(store, 1);
    expect(await numbers()).toEqual([0, ...range(17, 80)]);
    await moveOn(store, 16);
    expect(await numbers()).toEqual([0, ...range(33, 96)]);
    expect(await keys(store, "")).toEqual([key]);
  });

  it("do not let a writer that was paused since long re-use a number that was trimmed", async () => {
    const { store, numbers } = await lakeMoved(3);
    const held = value(await store.readPointer(key));
    beforeLink.push(async () => moveOn(store, 80));
    expect(value(await store.swapPointer(key, bytes("stray"), held?.tag))).toBe("conflict");
    expect(await pointer(store, key)).toBe("move 80 of 80");
    expect(await numbers()).toEqual([0, ...range(17, 83)]);
  });

  it("do not let the first writer, paused since long, re-use number 1", async () => {
    const { store, numbers } = await lakeMoved(0);
    beforeLink.push(async () => moveOn(store, 80));
    expect(value(await store.swapPointer(key, bytes("stray"), undefined))).toBe("conflict");
    expect(await pointer(store, key)).toBe("move 80 of 80");
    expect(await numbers()).toEqual([0, ...range(17, 80)]);
  });

  it("tell a paused writer of a conflict where the number below is there again, but of another stray writer", async () => {
    const { store, root } = await lakeMoved(3);
    const held = value(await store.readPointer(key));
    beforeLink.push(async (to) => {
      await moveOn(store, 80);
      await files.writeFile(to.replace(/4$/, "3"), "stray as well");
    });
    expect(value(await store.swapPointer(key, bytes("stray"), held?.tag))).toBe("conflict");
    expect(await files.readdir(join(root, "environments"))).not.toContain(
      `dev.json~${"4".padStart(20, "0")}`,
    );
  });

  it("keep a write that was applied, though 80 others came before its writer looked; that one is told of a conflict", async () => {
    const { store } = await lakeMoved(3);
    const held = value(await store.readPointer(key));
    afterLink.push(async () => moveOn(store, 80));
    expect(value(await store.swapPointer(key, bytes("applied"), held?.tag))).toBe("conflict");
    expect(await pointer(store, key)).toBe("move 80 of 80");
  });

  it("are not undone upwards when one is trimmed while its successors' writers have not looked yet", async () => {
    const { store, numbers } = await lakeMoved(16);
    const held = value(await store.readPointer(key));
    // Generation 17 is applied; 63 follow, and 80 trims up to 16. What 17 stands on is gone when its writer looks.
    afterLink.push(async () => moveOn(store, 63));
    expect(value(await store.swapPointer(key, bytes("17"), held?.tag))).toBe("conflict");
    expect(await numbers()).toEqual([0, ...range(17, 80)]);
  });

  it("are listed again by a reader whose generation was trimmed before it was opened", async () => {
    const { store } = await lakeMoved(3);
    afterReaddir.push(async () => moveOn(store, 80));
    expect(await pointer(store, key)).toBe("move 80 of 80");
  });

  it("do not show a reader a stray file at the number that it listed long ago", async () => {
    const { store, root } = await lakeMoved(3);
    afterReaddir.push(async () => {
      await moveOn(store, 80);
      await files.writeFile(join(root, "environments", `dev.json~${"3".padStart(20, "0")}`), "stray");
    });
    expect(await pointer(store, key)).toBe("move 80 of 80");
  });

  it("lose a stray file whose writer died with the next trimming", async () => {
    const { store, root, numbers } = await lakeMoved(80);
    await files.writeFile(join(root, "environments", `dev.json~${"5".padStart(20, "0")}`), "stray");
    expect(await pointer(store, key)).toBe("move 80 of 80");
    await moveOn(store, 16);
    expect(await numbers()).toEqual([0, ...range(33, 96)]);
  });

  it("go on from an empty one after the pointer was deleted", async () => {
    const { store, root, numbers } = await lakeMoved(2);
    value(await store.delete(key));
    expect(await numbers()).toEqual([1, 2, 3]);
    expect((await files.stat(join(root, "environments", `dev.json~${"3".padStart(20, "0")}`))).size).toBe(0);
    await set(store, key, "again");
    expect(await numbers()).toEqual([1, 2, 3, 4]);
  });

  it("are deleted even if others move the pointer meanwhile", async () => {
    const { store } = await lakeMoved(2);
    beforeLink.push(async () => moveOn(store, 2));
    value(await store.delete(key));
    expect(value(await store.readPointer(key))).toBeUndefined();
  });

  it("do not let a writer undo a deletion that came between its look and its link", async () => {
    const { store } = await lakeMoved(2);
    const held = value(await store.readPointer(key));
    beforeLink.push(async () => void value(await store.delete(key)));
    expect(value(await store.swapPointer(key, bytes("stale"), held?.tag))).toBe("conflict");
    expect(value(await store.readPointer(key))).toBeUndefined();
  });

  it("do not take a tag of a lake that was removed and made again", async () => {
    const { store, root } = await lakeMoved(1);
    const held = value(await store.readPointer(key));
    await files.rm(root, { recursive: true });
    await set(store, key, "another lake");
    expect(value(await store.swapPointer(key, bytes("lost"), held?.tag))).toBe("conflict");
    expect(await pointer(store, key)).toBe("another lake");
  });

  it("refuse an empty value, which would be a deletion, and a tag of another store", async () => {
    const { store } = await lakeMoved(1);
    await expect(store.swapPointer(key, bytes(""), undefined)).rejects.toThrow("Internal error");
    await expect(store.swapPointer(key, bytes("x"), '"etag"')).rejects.toThrow("Internal error");
    expect(text(value(await store.readPointer(key))?.bytes)).toBe("move 1 of 1");
  });
});
