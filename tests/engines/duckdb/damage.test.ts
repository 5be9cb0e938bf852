import { readFile, truncate, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { integer, string } from "../../../framework/definition/column.ts";
import type { StoredRelation } from "../../../framework/definition/compute-port.ts";
import { createDuckdbEngine } from "../../../framework/engines/duckdb/create-duckdb-engine.ts";
import { engineFailure } from "../../../framework/engines/duckdb/failure-of.ts";
import { type EngineRig, errorOf, openRig, queryFrom, unstopped } from "../engine-rig.ts";

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const columns = { id: integer(), name: string() };

const damages: readonly [string, (file: string) => Promise<void>][] = [
  ["empty", (file) => truncate(file, 0)],
  ["cut in half", async (file) => truncate(file, Math.floor((await readFile(file)).length / 2))],
  ["another thing altogether", (file) => writeFile(file, "hello ".repeat(1000))],
  [
    "damaged inside its pages",
    async (file) => {
      const bytes = await readFile(file);
      bytes.fill(7, 200, Math.floor(bytes.length / 2));
      await writeFile(file, bytes);
    },
  ],
  [
    "damaged in its footer",
    async (file) => {
      const bytes = await readFile(file);
      bytes.fill(7, bytes.length - 200, bytes.length - 8);
      await writeFile(file, bytes);
    },
  ],
  [
    "of other columns",
    async (file) =>
      writeFile(file, await readFile((await rig.store({ other: integer() }, [{ other: 1 }])).files[0] ?? "")),
  ],
];

async function damaged(damage: (file: string) => Promise<void>): Promise<StoredRelation> {
  const rows = Array.from({ length: 3000 }, (_, id) => ({ id, name: `name ${(id * 7919) % 3001}` }));
  const stored = await rig.store(columns, rows);
  await damage(stored.files[0] ?? "");
  return stored;
}

describe.each(damages)("a file that is %s", (_what, damage) => {
  test("is named by whatever reads it, as corrupt", async () => {
    const stored = await damaged(damage);
    const [file = ""] = stored.files;
    const corrupt = { reason: "lake-corrupt", object: file, message: expect.stringContaining(file) };
    const whole = await rig.store(columns, [{ id: 1, name: "a" }]);

    const statement = 'select b.id + w.id as id, b.name from "bad" b, "whole" w';
    const written = await rig.write(queryFrom(statement, { whole, bad: stored }), stored.schema);
    expect(errorOf(written)).toMatchObject(corrupt);

    const checks = [{ id: "1", severity: "blocking", kind: "unique", columns: ["id", "name"] }] as const;
    expect(errorOf(await rig.engine.evaluate(checks, stored, new Map(), unstopped))).toMatchObject(corrupt);

    await expect(rig.read(stored)).rejects.toMatchObject({ failure: corrupt });

    const answer = await rig.engine.query(
      "select max(name), max(id) from bad",
      { bad: stored },
      10,
      unstopped,
    );
    expect(errorOf(answer).message).toContain(file);
  });
});

test("an error that has another cause blames no file", async () => {
  const whole = await rig.store(columns, [{ id: 1, name: "a" }]);
  const statement = 'select error(name) as id, name from "whole"';
  const failure = errorOf(await rig.write(queryFrom(statement, { whole }), whole.schema));
  expect(failure).toMatchObject({ reason: "engine-failed", message: "DuckDB failed while it wrote made: a" });
});

describe("a full disk", () => {
  test.each([
    Object.assign(new Error("write"), { code: "ENOSPC" }),
    new Error('IO Error: Could not write file "/lake/x": No space left on device'),
    new Error(
      '{"exception_type":"Out of Memory","exception_message":"failed to offload data block of size 256.0 KiB (1.0 GiB/1.0 GiB used). This limit was set by the \'max_temp_directory_size\' setting."}',
    ),
  ])("is a failure of its own: %s", (thrown) => {
    expect(engineFailure(thrown, "wrote orders")).toMatchObject({
      reason: "disk-full",
      message: "The disk is full: DuckDB could not go on while it wrote orders.",
    });
  });
});

test("an engine that cannot have its temporary folder fails each call with a value, and can be closed", async () => {
  const stored = await rig.store(columns, [{ id: 1, name: "a" }]);
  const [inTheWay = ""] = stored.files;
  const engine = createDuckdbEngine({ temporaryFolder: inTheWay });
  const checks = [{ id: "1", severity: "blocking", kind: "unique", columns: ["id"] }] as const;
  expect(errorOf(await engine.evaluate(checks, stored, new Map(), unstopped)).message).toContain(inTheWay);
  expect(errorOf(await engine.query("select 1", {}, 1, unstopped)).message).toContain(
    "DuckDB cannot be started",
  );
  const written = await engine.write({
    asset: "made" as never,
    rows: queryFrom("select 1 as id, '' as name"),
    schema: stored.schema,
    file: rig.file(),
    sortBy: [],
    signal: unstopped,
  });
  expect(errorOf(written)).toMatchObject({ reason: "engine-failed" });
  await expect(async () => {
    for await (const _batch of engine.read(stored, unstopped)) expect.unreachable();
  }).rejects.toMatchObject({ failure: { reason: "engine-failed" } });
  await engine.close();
});
