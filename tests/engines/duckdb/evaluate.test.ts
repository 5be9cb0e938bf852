import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AssetKey } from "../../../framework/definition/asset-key.ts";
import type { Check } from "../../../framework/definition/check.ts";
import {
  bigint,
  boolean,
  date,
  decimal,
  integer,
  string,
  timestamp,
} from "../../../framework/definition/column.ts";
import type { StoredRelation } from "../../../framework/definition/compute-port.ts";
import { type EngineRig, openRig, unstopped, unwrap } from "../engine-rig.ts";

const parents = "parents" as AssetKey;
const severity = "blocking";

let rig: EngineRig;
let rows: StoredRelation;
let references: ReadonlyMap<AssetKey, StoredRelation>;
beforeAll(async () => {
  rig = await openRig();
  rows = await rig.store(
    { id: integer(), code: string().nullable(), parent: integer().nullable(), part: string().nullable() },
    [
      { id: 1, code: "a", parent: 10, part: "x" },
      { id: 2, code: null, parent: 99, part: "y" },
      { id: 3, code: "b", parent: null, part: "x" },
      { id: 4, code: "a", parent: 10, part: null },
      { id: 5, code: null, parent: 98, part: "x" },
    ],
    ["id"],
  );
  const parentRows = await rig.store({ id: integer(), part: string() }, [
    { id: 10, part: "x" },
    { id: 11, part: "y" },
  ]);
  references = new Map([
    [parents, parentRows],
    ["self" as AssetKey, rows],
  ]);
});
afterAll(() => rig.close());

async function outcomes(checks: readonly Check[]) {
  return unwrap(await rig.engine.evaluate(checks, rows, references, unstopped));
}

test("checks are answered together, in their order, with a sample of what offends", async () => {
  expect(
    await outcomes([
      { id: "1", severity, kind: "not-null", column: "id" },
      { id: "2", severity, kind: "not-null", column: "code" },
      { id: "3", severity, kind: "unique", columns: ["id"] },
      { id: "4", severity, kind: "unique", columns: ["code"] },
      { id: "5", severity, kind: "accepted-values", column: "code", values: ["a"] },
      {
        id: "6",
        severity,
        kind: "foreign-key",
        columns: ["parent"],
        references: { asset: parents, columns: ["id"] },
      },
      { id: "7", severity, kind: "accepted-values", column: "code", values: ["a", "b", "'"] },
    ]),
  ).toEqual([
    { status: "passed" },
    {
      status: "failed",
      rows: 2,
      sampleColumns: ["id", "code"],
      sample: [
        ["2", null],
        ["5", null],
      ],
    },
    { status: "passed" },
    { status: "failed", rows: 2, sampleColumns: ["code", "rows"], sample: [["a", "2"]] },
    { status: "failed", rows: 1, sampleColumns: ["id", "code"], sample: [["3", "b"]] },
    {
      status: "failed",
      rows: 2,
      sampleColumns: ["id", "parent"],
      sample: [
        ["2", "99"],
        ["5", "98"],
      ],
    },
    { status: "passed" },
  ]);
});

test("a key of several columns with a null in it is no repetition, and refers to nothing", async () => {
  expect(
    await outcomes([
      { id: "1", severity, kind: "unique", columns: ["parent", "part"] },
      { id: "2", severity, kind: "unique", columns: ["part", "code"] },
      {
        id: "3",
        severity,
        kind: "foreign-key",
        columns: ["parent", "part"],
        references: { asset: parents, columns: ["id", "part"] },
      },
    ]),
  ).toEqual([
    { status: "passed" },
    { status: "passed" },
    {
      status: "failed",
      rows: 2,
      sampleColumns: ["id", "parent", "part"],
      sample: [
        ["2", "99", "y"],
        ["5", "98", "x"],
      ],
    },
  ]);
});

test("a table may refer to itself", async () => {
  const self = { asset: "self" as AssetKey, columns: ["id"] };
  expect(
    await outcomes([{ id: "1", severity, kind: "foreign-key", columns: ["id"], references: self }]),
  ).toEqual([{ status: "passed" }]);
  const [outcome] = await outcomes([
    { id: "1", severity, kind: "foreign-key", columns: ["parent"], references: self },
  ]);
  expect(outcome).toMatchObject({ status: "failed", rows: 4 });
});

test("a sample is at most five rows", async () => {
  const many = await rig.store(
    { id: integer() },
    Array.from({ length: 50 }, (_, id) => ({ id })),
    ["id"],
  );
  const checks = [{ id: "1", severity, kind: "accepted-values", column: "id", values: [7] }] as const;
  const [outcome] = unwrap(await rig.engine.evaluate(checks, many, new Map(), unstopped));
  expect(outcome).toEqual({
    status: "failed",
    rows: 49,
    sampleColumns: ["id"],
    sample: [["0"], ["1"], ["2"], ["3"], ["4"]],
  });
});

describe("accepted values", () => {
  test("are compared as values of the column's type", async () => {
    const stored = await rig.store(
      { d: decimal(4, 1), n: bigint(), b: boolean(), day: date(), t: timestamp() },
      [{ d: "1.5", n: 9n, b: true, day: "2018-10-17", t: 1539782566000001n }],
    );
    const check = (column: string, values: Extract<Check, { kind: "accepted-values" }>["values"]): Check => ({
      id: column,
      severity,
      kind: "accepted-values",
      column,
      values,
    });
    const good = [
      check("d", ["1.50"]),
      check("n", [9n]),
      check("b", [true]),
      check("day", ["2018-10-17"]),
      check("t", [1539782566000001n]),
    ];
    const bad = [
      check("d", ["1.6"]),
      check("n", [8n]),
      check("b", [false]),
      check("day", ["2018-10-18"]),
      check("t", [0n]),
    ];
    const status = async (checks: readonly Check[]) =>
      unwrap(await rig.engine.evaluate(checks, stored, new Map(), unstopped)).map(
        (outcome) => outcome.status,
      );
    expect(await status(good)).toEqual(good.map(() => "passed"));
    expect(await status(bad)).toEqual(bad.map(() => "failed"));
  });
});

test("no checks need no engine", async () => {
  expect(unwrap(await rig.engine.evaluate([], rows, new Map(), unstopped))).toEqual([]);
});
