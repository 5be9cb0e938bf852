import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bigint,
  type Column,
  date,
  decimal,
  double,
  integer,
  string,
  timestamp,
} from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { FailureError } from "../../../framework/engines/duckdb/failure-of.ts";
import { type EngineRig, errorOf, openRig, type Row, rowsFrom, unwrap } from "../engine-rig.ts";

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(async () => {
  expect(await rig.names()).toEqual(["part-1.parquet"]);
  await rig.close();
});

const schema = tableSchema({ id: integer(), name: string().nullable() });

test("rows become a file with counts and the least and greatest values", async () => {
  const file = rig.file();
  const rows = [
    { id: 2, name: "b" },
    { name: null, id: 1 },
    { id: 3, name: "x".repeat(65) },
  ];
  const part = unwrap(await rig.write(rowsFrom(rows), schema, { file }));
  expect(part).toMatchObject({
    rows: 3,
    columns: [
      { name: "id", min: "1", max: "3", nulls: 0 },
      // The greatest is too long to be kept.
      { name: "name", min: "b", max: null, nulls: 1 },
    ],
  });
  expect(part.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await rig.read({ files: [file], schema })).toEqual(rows.map(({ id, name }) => ({ id, name })));
});

describe("a row that does not fit", () => {
  const bad: readonly [string, Column, unknown, string][] = [
    ["a number for text", string(), 5, "v is 5 (a number), not a string of whole Unicode characters"],
    ["half a surrogate pair", string(), "\uD800", "v is"],
    ["NaN for an integer", integer(), Number.NaN, "v is NaN (a number), not a whole number of 32 bits"],
    ["a fraction for an integer", integer(), 1.5, "v is 1.5 (a number), not a whole number of 32 bits"],
    ["an integer beyond 32 bits", integer(), 2 ** 31, "v is 2147483648 (a number), not"],
    ["a bigint for an integer", integer(), 1n, "v is 1n (a bigint), not a whole number"],
    ["a number for a bigint", bigint(), 1, "v is 1 (a number), not a bigint of 64 bits"],
    ["a bigint beyond 64 bits", bigint(), 2n ** 63n, "not a bigint of 64 bits"],
    ["a number for a decimal", decimal(10, 2), 12.5, 'not a decimal(10,2) as a string, such as "12.50"'],
    ["a third digit behind the point", decimal(10, 2), "1.005", 'v is "1.005", not a decimal(10,2)'],
    ["too many digits before the point", decimal(4, 2), "100.00", 'v is "100.00", not a decimal(4,2)'],
    ["a decimal with an exponent", decimal(10, 2), "1e3", 'v is "1e3", not a decimal(10,2)'],
    ["an empty decimal", decimal(10, 2), "", 'v is "", not a decimal(10,2)'],
    ["a text for a double", double(), "1", 'v is "1", not a number'],
    ["a Date for a date", date(), new Date(0), "v is an object of Date, not a date as a string"],
    ["a day that is none", date(), "2018-02-30", 'v is "2018-02-30", not a date as a string'],
    ["a number for a timestamp", timestamp(), 0, "v is 0 (a number), not a timestamp as a bigint"],
    ["a timestamp beyond all dates", timestamp(), 2n ** 63n - 1n, "not a timestamp as a bigint"],
  ];
  test.each(bad)("%s: the row, the column and the value are named", async (_what, column, value, words) => {
    const failure = errorOf(
      await rig.write(rowsFrom([{ v: null }, { v: value }]), tableSchema({ v: column })),
    );
    expect(failure.reason).toBe("row-invalid");
    expect(failure.message).toContain("Row 2 of made: ");
    expect(failure.message).toContain(words);
    expect(failure.hint).toBeTruthy();
  });

  test.each<[string, Row, string, string]>([
    ["lacks columns", {}, "Row 1 of made: it has no id, name.", "yield a value for every column"],
    ["has undefined for a value", { id: 1, name: undefined }, "Row 1 of made: it has no name.", "null"],
    [
      "has a property too many",
      { id: 1, name: "", nam: 1 },
      'it has a property "nam", which is no column',
      "name?",
    ],
    ["is no object", null as never, "it is null, not an object", "type"],
  ])("%s", async (_what, row, message, hint) => {
    const failure = errorOf(await rig.write(rowsFrom([row]), schema));
    expect(failure.reason).toBe("row-invalid");
    expect(failure.message).toContain(message);
    expect(failure.hint).toContain(hint);
  });

  test("is counted over all rows, far into the stream", async () => {
    const rows = Array.from({ length: 5000 }, (_, id) => ({ id, name: id === 4321 ? 1 : null }));
    expect(errorOf(await rig.write(rowsFrom(rows), schema)).message).toContain(
      "Row 4,322 of made: name is 1",
    );
  });
});

describe("a function that throws", () => {
  test("is a failure with its message and the frames of its own stack", async () => {
    async function* breakOnPurpose(): AsyncGenerator<Row> {
      yield { id: 1, name: null };
      throw new RangeError("no such zip");
    }
    const failure = errorOf(await rig.write({ form: "rows", rows: breakOnPurpose() }, schema));
    expect(failure).toMatchObject({
      reason: "function-threw",
      message: "The function threw: RangeError: no such zip",
    });
    expect(failure.detail?.[0]).toMatch(/^at breakOnPurpose .*write-rows\.test\.ts:\d+:\d+/);
    expect(failure.detail?.join("\n")).not.toMatch(/framework.engines|node:/);
  });

  test("may throw something that is no Error", async () => {
    async function* breakOddly(): AsyncGenerator<Row> {
      yield* [];
      throw "odd";
    }
    const failure = errorOf(await rig.write({ form: "rows", rows: breakOddly() }, schema));
    expect(failure.message).toBe("The function threw odd, which is no Error.");
  });

  test("because an input could not be read fails for the input's reason", async () => {
    const lost = {
      reason: "lake-corrupt",
      object: "data/orders/1.parquet",
      message: "The file is lost.",
    } as const;
    async function* readsInput(): AsyncGenerator<Row> {
      yield* [];
      throw new FailureError(lost);
    }
    expect(errorOf(await rig.write({ form: "rows", rows: readsInput() }, schema))).toEqual(lost);
  });

  test("gives no rows when it is no generator", async () => {
    const failure = errorOf(await rig.write({ form: "rows", rows: [] as never }, schema));
    expect(failure).toMatchObject({ reason: "function-threw" });
    expect(failure.message).toContain("async *run");
  });
});
