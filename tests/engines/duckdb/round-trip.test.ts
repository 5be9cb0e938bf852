import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bigint,
  boolean,
  date,
  decimal,
  double,
  integer,
  string,
  timestamp,
} from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { type EngineRig, openRig, queryFrom, rowsFrom, unwrap } from "../engine-rig.ts";

const columns = {
  text: string().nullable(),
  small: integer().nullable(),
  large: bigint().nullable(),
  money: decimal(10, 2).nullable(),
  huge: decimal(38, 10).nullable(),
  whole: decimal(18, 0).nullable(),
  ratio: double().nullable(),
  flag: boolean().nullable(),
  day: date().nullable(),
  moment: timestamp().nullable(),
};
const schema = tableSchema(columns);

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    '"',
    '""',
    "a\nb",
    "a\r\nb",
    "a,b",
    "\u0000",
    "\uFEFFmarked",
    "Não 😀",
    "NULL",
    "'; --",
  ),
);
function decimalText(precision: number, scale: number): fc.Arbitrary<string> {
  const limit = 10n ** BigInt(precision) - 1n;
  return fc.bigInt({ min: -limit, max: limit }).map((scaled) => {
    const digits = `${scaled < 0n ? -scaled : scaled}`.padStart(scale + 1, "0");
    const point = digits.length - scale;
    const fraction = scale === 0 ? "" : `.${digits.slice(point)}`;
    return `${scaled < 0n ? "-" : ""}${digits.slice(0, point)}${fraction}`;
  });
}
const day = fc
  .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((value) => value.toISOString().slice(0, 10));
const row = fc.record({
  text: fc.option(text),
  small: fc.option(fc.integer()),
  large: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  money: fc.option(decimalText(10, 2)),
  huge: fc.option(decimalText(38, 10)),
  whole: fc.option(decimalText(18, 0)),
  ratio: fc.option(fc.double()),
  flag: fc.option(fc.boolean()),
  day: fc.option(
    fc.oneof(
      day,
      fc.constantFrom("2000-02-29", "1900-03-01", "0044-03-15 (BC)", "0001-12-31 (BC)", "12345-06-07"),
    ),
  ),
  moment: fc.option(
    fc.oneof(
      fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
      fc.constantFrom(0n, -1n, 9_223_372_036_854_775_805n, -9_223_372_022_400_000_000n),
    ),
  ),
});

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

describe("a row that is written", () => {
  test("is read back with the same values, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
        const file = rig.file();
        const part = unwrap(await rig.write(rowsFrom(rows), schema, { file }));
        expect(part.rows).toBe(rows.length);
        expect(await rig.read({ files: [file], schema })).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });

  test("is the same through a query and through rows", async () => {
    const file = rig.file();
    const given = fc.sample(row, { numRuns: 500, seed: 7 });
    const first = unwrap(await rig.write(rowsFrom(given), schema, { file }));
    const stored = { files: [file], schema };
    const second = unwrap(await rig.write(queryFrom('select * from "again"', { again: stored }), schema));
    expect(second.rowHash).toBe(first.rowHash);
    const third = unwrap(await rig.write(rowsFrom(await rig.read(stored)), schema));
    expect(third.rowHash).toBe(first.rowHash);
  });

  test("comes in batches, in the order it was written, however many there are", async () => {
    const numbers = { n: integer() };
    const stored = await rig.store(
      numbers,
      Array.from({ length: 10_000 }, (_, n) => ({ n })),
    );
    const batches: number[] = [];
    const read: unknown[] = [];
    for await (const batch of rig.engine.read(stored, new AbortController().signal)) {
      batches.push(batch.length);
      read.push(...batch.map(({ n }) => n));
    }
    expect(batches.length).toBeGreaterThan(1);
    expect(read).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
  });

  test("of a version without files is none", async () => {
    expect(await rig.read({ files: [], schema })).toEqual([]);
  });
});
