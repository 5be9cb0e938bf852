import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { integer } from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import type { SourceToken } from "../../../framework/definition/source-token.ts";
import { contentDigest } from "../../../framework/engines/csv/content-digest.ts";
import { openDigestCache } from "../../../framework/engines/csv/digest-cache.ts";
import { openCsvFolder } from "../../../framework/engines/csv/open-csv-folder.ts";
import { errorOf, unstopped, unwrap } from "../engine-rig.ts";
import { type CsvRig, openCsvRig } from "./csv-rig.ts";

const schema = tableSchema({ n: integer() });
const tables = [{ table: "t", schema }];
const longAgo = new Date("2020-01-01");

let rig: CsvRig;
let path: string;
let cacheFile: string;
beforeEach(async () => {
  rig = await openCsvRig();
  path = await rig.put("t", "n\n1\n");
  cacheFile = join(rig.folder, "cache", "csv.json");
});
afterEach(() => rig.close());

const open = () => openCsvFolder({ kind: "csv", folder: rig.folder, files: { t: "t.csv" } }, { cacheFile });
async function token(): Promise<SourceToken | undefined> {
  return unwrap(await open().observe(tables, unstopped)).get("t");
}

describe("the token of a file", () => {
  test("is strong and of its content alone", async () => {
    const first = await token();
    expect(first).toEqual({
      strength: "strong",
      value: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      scope: "",
      synthetic: false,
    });
    await utimes(path, longAgo, longAgo);
    expect(await token()).toEqual(first);
    await copyFile(path, `${path}.copy`);
    await rename(`${path}.copy`, path);
    expect(await token()).toEqual(first);
    await appendFile(path, "2\n");
    expect(await token()).not.toEqual(first);
  });

  test("is that of the snapshot", async () => {
    const snapshot = unwrap(await open().open(tables, unstopped));
    expect(snapshot.tokens.get("t")).toEqual(await token());
  });

  test("changes with the content even when size and times are put back", async () => {
    await utimes(path, longAgo, longAgo);
    const first = await token();
    await writeFile(path, "n\n2\n");
    await utimes(path, longAgo, longAgo);
    expect(await token()).not.toEqual(first);
  });
});

describe("the memory of digests", () => {
  const remembered = { digest: "from memory", state: { size: "", modified: "", changed: "", inode: "" } };

  /** Puts a digest into the memory that no file has, so that its use shows. */
  async function remember(): Promise<void> {
    const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
    const state = { size: `${size}`, modified: `${mtimeNs}`, changed: `${ctimeNs}`, inode: `${ino}` };
    const cache = openDigestCache(cacheFile);
    cache.set(path, { ...remembered, state });
    await cache.save();
  }

  test("saves reading a file that is as it was", async () => {
    await remember();
    expect((await token())?.value).toBe("sha256:from memory");
  });

  test("is not believed of a file that was touched", async () => {
    await remember();
    await utimes(path, longAgo, longAgo);
    expect((await token())?.value).not.toBe("sha256:from memory");
  });

  test("is not believed of a file that was written with its size and time put back", async () => {
    await utimes(path, longAgo, longAgo);
    await remember();
    await writeFile(path, "n\n2\n");
    await utimes(path, longAgo, longAgo);
    expect((await token())?.value).not.toBe("sha256:from memory");
  });

  test("does not keep what was hashed within a tick of the clock of its last change", async () => {
    await token();
    const kept = await contentDigest(path, openDigestCache(cacheFile));
    expect(kept?.settled).toBe(false);
    await expect(readFile(cacheFile)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test.each([
    "",
    "{",
    "[]",
    '{"formatVersion":2,"files":{}}',
    '{"formatVersion":1,"files":{"/x":{}}}',
    "null",
  ])("may hold rubbish: %s", async (content) => {
    const first = await token();
    await remember();
    await writeFile(cacheFile, content);
    expect(await token()).toEqual(first);
  });

  test("may be where nothing can be written", async () => {
    const source = openCsvFolder(
      { kind: "csv", folder: rig.folder, files: { t: "t.csv" } },
      { cacheFile: join(path, "not-a-folder", "csv.json") },
    );
    unwrap(await source.observe(tables, unstopped));
  });
});

describe("a folder that is a link", () => {
  test("gives the tables of one release though the link is set to another meanwhile", async () => {
    const releases = join(rig.folder, "releases");
    const current = join(rig.folder, "current");
    for (const release of ["1", "2"]) {
      await mkdir(join(releases, release), { recursive: true });
      // The middle one is long enough to be read while the link moves.
      await writeFile(join(releases, release, "b.csv"), `n\n${"1\n".repeat(8_000_000)}`);
      for (const name of ["a", "c"])
        await writeFile(join(releases, release, `${name}.csv`), `n\n${release}\n`);
    }
    await symlink(join(releases, "1"), current);
    const source = openCsvFolder({
      kind: "csv",
      folder: current,
      files: { a: "a.csv", b: "b.csv", c: "c.csv" },
    });
    const requests = ["a", "b", "c"].map((table) => ({ table, schema }));
    const opening = source.open(requests, unstopped);
    // When the digest of the middle one is being taken, that of the first is known.
    for (let moves = 0; moves < 20; moves++) {
      await symlink(join(releases, moves % 2 === 0 ? "2" : "1"), `${current}.new`);
      await rename(`${current}.new`, current);
    }
    const { tokens } = unwrap(await opening);
    expect(tokens.get("a")).toEqual(tokens.get("c"));
  });

  test("is told as changing when a file in it never holds still", async () => {
    // So long that the first is touched many times while it is read.
    await rig.put("u", `n\n${"1\n".repeat(20_000_000)}`);
    const source = openCsvFolder({ kind: "csv", folder: rig.folder, files: { t: "t.csv", u: "u.csv" } });
    let opened = false;
    const opening = source.open([...tables, { table: "u", schema }], unstopped).finally(() => {
      opened = true;
    });
    while (!opened) {
      await utimes(path, longAgo, new Date());
      await setTimeout(2);
    }
    expect(errorOf(await opening)).toMatchObject({
      reason: "source-unreachable",
      table: "t",
      message: "t.csv is being written",
    });
  });
});

describe("a file that changes after it was opened", () => {
  async function writeAfter(change: () => Promise<void>) {
    const snapshot = unwrap(await open().open(tables, unstopped));
    await change();
    return rig.engines.write(snapshot.read("t"), schema);
  }

  test("is not taken for what was opened", async () => {
    expect(errorOf(await writeAfter(() => writeFile(path, "n\n2\n")))).toMatchObject({
      reason: "source-unreachable",
      table: "t",
      message: "t.csv changed while it was read",
    });
    expect(await rig.engines.names()).toEqual([]);
  });

  test("by being removed is told as missing", async () => {
    const failure = errorOf(await writeAfter(() => rm(path)));
    expect(failure).toMatchObject({ reason: "source-unreachable", message: "t.csv is missing" });
  });

  test("and put back while it was read is not taken for what was opened", async () => {
    await utimes(path, longAgo, longAgo);
    const snapshot = unwrap(await open().open(tables, unstopped));
    const rows = snapshot.read("t");
    await writeFile(path, "n\n2\n");
    await writeFile(path, "n\n1\n");
    await utimes(path, longAgo, longAgo);
    expect(rows.form === "query" && (await rows.verify?.())).toMatchObject({
      message: "t.csv changed while it was read",
    });
  });

  test("in its time stamp alone cannot be told from another content that was put back", async () => {
    const failure = errorOf(await writeAfter(() => utimes(path, longAgo, longAgo)));
    expect(failure).toMatchObject({
      reason: "source-unreachable",
      message: "t.csv changed while it was read",
    });
  });
});
