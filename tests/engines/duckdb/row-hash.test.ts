import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bigint, decimal, double, integer, string } from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { createDuckdbEngine } from "../../../framework/engines/duckdb/create-duckdb-engine.ts";
import { type EngineRig, openRig, queryFrom, type Row, rowsFrom, unwrap } from "../engine-rig.ts";

const schema = tableSchema({ a: string().nullable(), b: integer().nullable(), c: decimal(6, 2).nullable() });
const row = fc.record({
  a: fc.option(fc.constantFrom("", "x", "y", "ab"), { nil: null }),
  b: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
  c: fc.option(fc.constantFrom("0.00", "1.50", "-2.25"), { nil: null }),
});
const rows = fc.array(row, { minLength: 1, maxLength: 12 });

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

async function hashOf(given: readonly Row[]): Promise<string> {
  return unwrap(await rig.write(rowsFrom(given), schema)).rowHash;
}

describe("the hash of rows", () => {
  test("names its algorithm, the engine's minor version and the count", async () => {
    expect(await hashOf([{ a: "x", b: 1, c: null }])).toMatch(/^sum-hash-2:duckdb-\d+\.\d+:1:\d+$/);
  });

  test("is the same in any order, and another when any row is changed, repeated or left out", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), row, async (given, position, other) => {
        const hash = await hashOf(given);
        const index = position % given.length;
        expect(await hashOf(given.toReversed())).toBe(hash);
        const changed = given.with(index, other);
        expect((await hashOf(changed)) === hash).toBe(sameRows(changed, given));
        const repeated = [...given, given[index] ?? {}];
        expect(await hashOf(repeated)).not.toBe(hash);
        expect(await hashOf(given.toSpliced(index, 1))).not.toBe(hash);
      }),
      { numRuns: 25 },
    );
  });

  test("does not let rows that repeat cancel each other", async () => {
    const one = { a: "x", b: 1, c: null };
    const other = { a: "y", b: 2, c: null };
    expect(await hashOf([one, one])).not.toBe(await hashOf([other, other]));
  });

  test("tells null from empty text and from zero", async () => {
    const hashes = await Promise.all(
      [
        { a: null, b: null, c: null },
        { a: "", b: null, c: null },
        { a: null, b: 0, c: null },
        { a: null, b: null, c: "0.00" },
        { a: "", b: 0, c: "0.00" },
      ].map((one) => hashOf([one])),
    );
    expect(new Set(hashes).size).toBe(5);
  });

  test("tells 0 from -0, and null from the number that DuckDB hashes as it does null", async () => {
    const numbers = tableSchema({ x: double().nullable(), n: bigint().nullable() });
    const hashes = await Promise.all(
      [
        { x: 0, n: null },
        { x: -0, n: null },
        { x: null, n: null },
        { x: 0, n: -2930909409056394622n },
      ].map(async (row) => unwrap(await rig.write(rowsFrom([row]), numbers)).rowHash),
    );
    expect(new Set(hashes).size).toBe(4);
  });

  test("changes when values are exchanged between columns or rows", async () => {
    const two = tableSchema({ a: string().nullable(), b: string().nullable() });
    const hash = async (given: readonly Row[]): Promise<string> =>
      unwrap(await rig.write(rowsFrom(given), two)).rowHash;
    const straight = await hash([
      { a: "x", b: "y" },
      { a: "z", b: "w" },
    ]);
    expect(
      await hash([
        { a: "y", b: "x" },
        { a: "z", b: "w" },
      ]),
    ).not.toBe(straight);
    expect(
      await hash([
        { a: "x", b: "w" },
        { a: "z", b: "y" },
      ]),
    ).not.toBe(straight);
    expect(await hash([{ a: null, b: "x" }])).not.toBe(await hash([{ a: "x", b: null }]));
  });

  test("does not depend on threads, row groups or order, over several row groups", async () => {
    const single = createDuckdbEngine({ temporaryFolder: rig.folder, threads: 1 });
    const numbers = tableSchema({ n: integer(), t: string() });
    const statement = "select range::int as n, 't' || (range % 97) as t from range(300000)";
    const many = unwrap(await rig.write(queryFrom(statement), numbers));
    const one = unwrap(
      await single.write({
        asset: "made" as never,
        rows: queryFrom(`${statement} order by hash(range)`),
        schema: numbers,
        file: rig.file(),
        sortBy: [],
        signal: new AbortController().signal,
      }),
    );
    await single.close();
    expect(one.rowHash).toBe(many.rowHash);
    expect(one.digest).not.toBe(many.digest);
  });
});

function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  const sorted = (given: readonly Row[]): string[] => given.map((one) => JSON.stringify(one)).sort();
  return sorted(a).join("\n") === sorted(b).join("\n");
}
