import * as files from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Failure } from "../../framework/definition/failure.ts";
import type { Result } from "../../framework/definition/result.ts";
import { openLocalStore } from "../../framework/lake/storage/local.ts";
import type { Store } from "../../framework/lake/storage/store.ts";
import { bytes, keys, pointer, set, text, value } from "./store-contract.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// Errors that the file system is to give, by its function.
const faults = vi.hoisted(() => new Map<string, string>());

vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  const faulty = (name: string): void => {
    const code = faults.get(name);
    if (code !== undefined)
      throw Object.assign(new Error(`${code}: refused, ${name}`), { code, syscall: name });
  };
  return {
    ...original,
    link: async (from: string, to: string) => {
      faulty("link");
      faulty(`link ${from}`);
      await original.link(from, to);
    },
    mkdir: async (...parameters: Parameters<typeof original.mkdir>) => {
      faulty("mkdir");
      return await original.mkdir(...parameters);
    },
    open: async (...parameters: Parameters<typeof original.open>) => {
      faulty(`open ${parameters[1]}`);
      return await original.open(...parameters);
    },
  };
});

afterEach(() => faults.clear());

/** All that a store can be asked for, each for the same key. */
function everyCall(store: Store, key: string): readonly Promise<Result<unknown, Failure>>[] {
  return [
    store.get(key),
    store.create(key, bytes("x")),
    store.localFile(key),
    store.size(key),
    store.readPointer(key),
    store.swapPointer(key, bytes("x"), undefined),
    store.delete(key),
  ];
}

async function failuresOf(calls: readonly Promise<Result<unknown, Failure>>[]): Promise<readonly Failure[]> {
  return (await Promise.all(calls)).map((result) => {
    if (result.ok) throw new Error(`no failure: ${JSON.stringify(result.value)}`);
    return result.error;
  });
}

describe("a lake in a folder", () => {
  it("touches nothing before its first use, and reading makes nothing", async () => {
    const parent = await temporaryFolder();
    const store = openLocalStore(join(parent, "not", "there"));
    expect(value(await store.get("gc.json"))).toBeUndefined();
    expect(value(await store.readPointer("environments/dev.json"))).toBeUndefined();
    expect(value(await store.size("data/orders/v1-1.parquet"))).toBeUndefined();
    expect(value(await store.localFile("data/orders/v1-1.parquet"))).toBeUndefined();
    expect(await keys(store, "")).toEqual([]);
    value(await store.delete("environments/dev.json"));
    expect(await files.readdir(parent)).toEqual([]);
  });

  it("is called what it was typed as, and stays where it was though the working folder changes", async () => {
    const parent = await temporaryFolder();
    const before = process.cwd();
    process.chdir(parent);
    try {
      const store = openLocalStore("./lake");
      expect(store.label).toBe("./lake");
      process.chdir(before);
      value(await store.create("a/b", bytes("x")));
      expect(await files.readFile(join(parent, "lake/a/b"), "utf8")).toBe("x");
    } finally {
      process.chdir(before);
    }
  });

  it("leaves no temporary file behind", async () => {
    const root = await temporaryFolder();
    const store = openLocalStore(root);
    value(await store.create("a/b", bytes("x")));
    value(await store.create("a/b", bytes("y")));
    await set(store, "p.json", "1");
    value(await store.swapPointer("p.json", bytes("2"), undefined));
    const file = value(await store.temporaryFile(".parquet"));
    await files.writeFile(file, "rows");
    value(await store.createFromFile("a/c", file));
    expect(await files.readdir(join(root, "tmp"))).toEqual([]);
  });

  it("removes what killed processes left in its temporary folder a day ago, and nothing younger", async () => {
    const root = await temporaryFolder();
    await files.mkdir(join(root, "tmp/spill"), { recursive: true });
    await files.writeFile(join(root, "tmp/old"), "x");
    await files.writeFile(join(root, "tmp/young"), "x");
    const old = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const name of ["old", "spill"]) await files.utimes(join(root, "tmp", name), old, old);
    value(await openLocalStore(root).create("a/b", bytes("x")));
    expect(await files.readdir(join(root, "tmp"))).toEqual(["young"]);
  });

  it("is made again where somebody removed it under a store in use", async () => {
    const root = await temporaryFolder();
    const store = openLocalStore(root);
    value(await store.create("a/b", bytes("x")));
    await files.rm(root, { recursive: true });
    expect(value(await store.create("a/b", bytes("y")))).toBe("created");
    await files.rm(root, { recursive: true });
    await set(store, "environments/dev.json", "1");
    expect(await pointer(store, "environments/dev.json")).toBe("1");
  });

  it("takes a file of another device by copying it", async () => {
    const root = await temporaryFolder();
    const store = openLocalStore(root);
    const file = join(await temporaryFolder(), "rows.parquet");
    await files.writeFile(file, "rows");
    faults.set(`link ${file}`, "EXDEV");
    expect(value(await store.createFromFile("data/v1", file))).toBe("created");
    expect(text(value(await store.get("data/v1")))).toBe("rows");
    await expect(files.stat(file)).rejects.toThrow("ENOENT");
    expect(await files.readdir(join(root, "tmp"))).toEqual([]);
  });

  it("takes no file that is not there: that would be a fault of ours", async () => {
    const store = openLocalStore(await temporaryFolder());
    await expect(store.createFromFile("data/v1", "/not/there")).rejects.toThrow("Internal error");
  });

  it("reads a thousand pointers in one go, whatever the limit of open files", async () => {
    const store = openLocalStore(await temporaryFolder());
    const names = Array.from({ length: 1000 }, (_, n) => `work/a/${n}.json`);
    const read = await Promise.all(names.map((name) => store.readPointer(name)));
    expect(read.every((result) => result.ok && result.value === undefined)).toBe(true);
  });

  it("ignores files that others put beside its own", async () => {
    const root = await temporaryFolder();
    const store = openLocalStore(root);
    value(await store.create("data/a", bytes("x")));
    await set(store, "data/p", "1");
    await files.writeFile(join(root, "data", ".DS_Store"), "x");
    await files.writeFile(join(root, "data", "p~1"), "x");
    await files.writeFile(join(root, "data", `p~${"9".padStart(20, "0")} copy`), "x");
    expect(await keys(store, "")).toEqual(["data/a", "data/p"]);
    expect(await pointer(store, "data/p")).toBe("1");
  });

  it("keeps its temporary folder apart from keys", async () => {
    const store = openLocalStore(await temporaryFolder());
    await expect(store.get("tmp/x")).rejects.toThrow("Internal error");
  });
});

describe("a lake in a folder that cannot be one", () => {
  it("says so where a file is in the way, at every call", async () => {
    const root = join(await temporaryFolder(), "lake");
    await files.writeFile(root, "a file");
    const store = openLocalStore(root, "./lake");
    const failures = await failuresOf(everyCall(store, "environments/dev.json"));
    expect(new Set(failures.map((failure) => failure.reason))).toEqual(new Set(["lake-unusable"]));
    const [first] = failures;
    expect(first).toMatchObject({
      reason: "lake-unusable",
      object: "environments/dev.json",
      message: "the lake ./lake cannot be used: a file is where a folder should be (environments/dev.json)",
      hint: "move the file away, or name another lake with ASSETS_LAKE",
    });
    expect(await failuresOf([store.temporaryFile(".parquet")])).toMatchObject([{ reason: "lake-unusable" }]);
    for await (const key of store.list("")) expect(key).toMatchObject({ error: { reason: "lake-unusable" } });
    expect.assertions(4);
  });

  it("says so where a file is in the way above it, or below it", async () => {
    const parent = await temporaryFolder();
    await files.writeFile(join(parent, "file"), "");
    const above = await failuresOf([openLocalStore(join(parent, "file/lake")).create("a/b", bytes("x"))]);
    expect(above).toMatchObject([{ reason: "lake-unusable", object: "a/b" }]);
    const below = await failuresOf([openLocalStore(parent, "here").create("file/b", bytes("x"))]);
    expect(below).toMatchObject([
      {
        reason: "lake-unusable",
        message: `the lake here cannot be used: ${join(parent, "file")} is a file, and should be a folder`,
      },
    ]);
  });

  it.each([
    ["EACCES", "lake-unusable", "no permission", "give this user the right to read and write the folder"],
    ["EROFS", "lake-unusable", "its file system is read-only", "mount it for writing"],
    ["EMFILE", "lake-unusable", "too many files are open", "ulimit -n"],
    ["EWEIRD", "lake-unusable", "the system refused", "ASSETS_LAKE"],
    ["ENOSPC", "disk-full", "no space is left for a/b in the lake ./lake", "free some space"],
    ["EDQUOT", "disk-full", "no space is left for a/b in the lake ./lake", "free some space"],
  ])("says what to do on %s", async (code, reason, cause, remedy) => {
    const root = await temporaryFolder();
    const store = openLocalStore(root, "./lake");
    for (const method of ["mkdir", "open wx", "link"]) {
      faults.set(method, code);
      const [failure] = await failuresOf([store.create("a/b", bytes("x"))]);
      faults.clear();
      expect(failure).toMatchObject({ reason, message: expect.stringContaining(cause) });
      expect(failure?.hint).toContain(remedy);
      expect(failure?.detail).toEqual([`${code}: refused, ${method}`]);
    }
    expect(await files.readdir(join(root, "tmp"))).toEqual([]);
    expect(value(await store.create("a/b", bytes("x")))).toBe("created");
  });

  it("says that a file system without hard links will not do", async () => {
    const store = openLocalStore(await temporaryFolder());
    faults.set("link", "EPERM");
    const file = value(await store.temporaryFile(".parquet"));
    await files.writeFile(file, "rows");
    const failures = await failuresOf([
      store.swapPointer("p", bytes("x"), undefined),
      store.createFromFile("data/v1", file),
    ]);
    for (const failure of failures) expect(failure.hint).toContain("hard links");
    // The work of an hour is not lost with it.
    expect(await files.readFile(file, "utf8")).toBe("rows");
  });
});

describe("keys of a lake in a folder", () => {
  it("do not lead out of it by a folder that is a symbolic link", async () => {
    const root = await temporaryFolder();
    const outside = await temporaryFolder();
    await files.writeFile(join(outside, "secret"), "secret");
    await files.symlink(outside, join(root, "data"));
    const store = openLocalStore(root, "./lake");
    for (const key of ["data/secret", "data/deeper/secret"]) {
      const calls = everyCall(store, key);
      const results = await Promise.all(calls);
      for (const result of results) {
        // A deeper folder does not exist out there, so that reading finds nothing; writing must still be refused.
        if (result.ok) expect(result.value).toBeUndefined();
        else expect(result.error).toMatchObject({ reason: "lake-unusable", object: key });
      }
      expect((await store.create(key, bytes("x"))).ok).toBe(false);
    }
    expect((await store.get("data/secret")).ok).toBe(false);
    expect(await keys(store, "")).toEqual([]);
    expect(await files.readdir(outside)).toEqual(["secret"]);
    expect(await files.readFile(join(outside, "secret"), "utf8")).toBe("secret");
  });

  it("do not lead out of it by a file that is a symbolic link", async () => {
    const root = await temporaryFolder();
    const secret = join(await temporaryFolder(), "secret");
    await files.writeFile(secret, "secret");
    await files.mkdir(join(root, "data"));
    await files.symlink(secret, join(root, "data/v1"));
    await files.symlink(secret, join(root, "data", `p~${"1".padStart(20, "0")}`));
    const store = openLocalStore(root);
    const failures = await failuresOf([
      store.get("data/v1"),
      store.size("data/v1"),
      store.localFile("data/v1"),
      store.readPointer("data/p"),
    ]);
    expect(new Set(failures.map(({ reason }) => reason))).toEqual(new Set(["lake-unusable"]));
    expect(value(await store.create("data/v1", bytes("x")))).toBe("exists");
    expect(await keys(store, "")).toEqual([]);
    expect(await files.readFile(secret, "utf8")).toBe("secret");
  });

  it("may be below a lake that is itself named by a symbolic link", async () => {
    const real = await temporaryFolder();
    const named = join(await temporaryFolder(), "lake");
    await files.symlink(real, named);
    const store = openLocalStore(named);
    value(await store.create("data/orders/v1", bytes("x")));
    expect(text(value(await store.get("data/orders/v1")))).toBe("x");
    expect(await keys(openLocalStore(named), "data/")).toEqual(["data/orders/v1"]);
  });
});
