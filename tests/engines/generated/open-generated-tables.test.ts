import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { integer, string } from "../../../framework/definition/column.ts";
import { type GeneratedQueries, generatedTables } from "../../../framework/definition/resource.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { openGeneratedTables } from "../../../framework/engines/generated/open-generated-tables.ts";
import { type EngineRig, errorOf, openRig, unstopped, unwrap } from "../engine-rig.ts";

const queries: GeneratedQueries = {
  setup: ["create table names as select 'n' || range as name from range(4)"],
  tables: {
    people: "select row_number() over ()::int as id, name from names",
    places: "select range::int as id, 'p' || range as name from range(3)",
  },
};
const schema = tableSchema({ id: integer(), name: string() });
const both = ["people", "places"].map((table) => ({ table, schema }));

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const open = (changed: Partial<GeneratedQueries> = {}) =>
  openGeneratedTables(generatedTables("built-in sample", async () => ({ ...queries, ...changed })));

test("generated tables say that they are made up", () => {
  expect(open()).toMatchObject({ kind: "generated", label: "built-in sample", synthetic: true });
});

test("their rows are made by the engine, with the setup", async () => {
  const snapshot = unwrap(await open().open(both, unstopped));
  const file = rig.file();
  const parts = await Promise.all([
    rig.write(snapshot.read("people"), schema, { file }),
    rig.write(snapshot.read("places"), schema),
  ]);
  expect(parts.map((part) => unwrap(part).rows)).toEqual([4, 3]);
  expect((await rig.read({ files: [file], schema }))[3]).toEqual({ id: 4, name: "n3" });
  expect(snapshot.warnings).toEqual([]);
});

describe("their token", () => {
  const tokens = async (changed: Partial<GeneratedQueries> = {}) =>
    unwrap(await open(changed).observe(both, unstopped));

  test("is strong, synthetic, and that of the snapshot", async () => {
    const observed = await tokens();
    expect(observed.get("people")).toEqual({
      strength: "strong",
      value: expect.stringMatching(/^sql-sha256:[0-9a-f]{64}$/),
      scope: "",
      synthetic: true,
    });
    expect(unwrap(await open().open(both, unstopped)).tokens).toEqual(observed);
  });

  test("changes with the table's own text and with the setup, and with nothing else", async () => {
    const before = await tokens();
    expect(await tokens()).toEqual(before);
    const edited = await tokens({ tables: { ...queries.tables, people: "select 1 as id, 'x' as name" } });
    expect(edited.get("people")).not.toEqual(before.get("people"));
    expect(edited.get("places")).toEqual(before.get("places"));
    const other = await tokens({ setup: [...queries.setup, "create macro m(x) as x"] });
    expect(other.get("places")).not.toEqual(before.get("places"));
  });

  test("tells texts apart that are cut in other places", async () => {
    const first = await tokens({ setup: ["select 1", "select 2"] });
    const second = await tokens({ setup: ["select 1select 2"] });
    expect(first.get("people")).not.toEqual(second.get("people"));
  });
});

test("a table that is not among them is named, with near ones", async () => {
  const failure = errorOf(await open().open([{ table: "peple", schema }], unstopped));
  expect(failure).toEqual({
    reason: "config-invalid",
    message: 'The built-in sample has no table "peple".',
    hint: "did you mean people?",
  });
  expect(errorOf(await open().observe([{ table: "toString", schema }], unstopped)).message).toContain(
    '"toString"',
  );
});

test("tables that cannot be loaded are a failure, and are tried again", async () => {
  let times = 0;
  const source = openGeneratedTables(
    generatedTables("built-in sample", async () => {
      times += 1;
      if (times === 1) throw new Error("no vocabulary");
      return queries;
    }),
  );
  expect(errorOf(await source.observe(both, unstopped))).toMatchObject({
    reason: "source-unreachable",
    message: "The built-in sample could not be loaded: no vocabulary",
  });
  unwrap(await source.observe(both, unstopped));
});

test("SQL that fails is told as the engine tells it", async () => {
  const snapshot = unwrap(
    await open({ tables: { people: "select nosuch as id from names" } }).open(
      [{ table: "people", schema }],
      unstopped,
    ),
  );
  const failure = errorOf(await rig.write(snapshot.read("people"), schema));
  expect(failure).toMatchObject({ reason: "engine-failed" });
  expect(failure.message).toContain("nosuch");
});
