import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bigint,
  boolean,
  type Column,
  date,
  decimal,
  double,
  integer,
  string,
  timestamp,
} from "../../../framework/definition/column.ts";
import { type CsvRig, openCsvRig } from "./csv-rig.ts";

let rig: CsvRig;
beforeAll(async () => {
  rig = await openCsvRig();
});
afterAll(() => rig.close());

const text = { a: string().nullable(), b: string().nullable() };

describe("text", () => {
  test("is null only where nothing at all is written, and keeps zeros, blanks, quotes and line breaks", async () => {
    const content = 'a,b\n01001,\n"",x\n" y ", z \n"say ""hi""","two\nlines"\nNULL,"a,b"\nin"side,#\n';
    expect(await rig.rows(text, content)).toEqual([
      { a: "01001", b: null },
      { a: "", b: "x" },
      { a: " y ", b: " z " },
      { a: 'say "hi"', b: "two\nlines" },
      { a: "NULL", b: "a,b" },
      { a: 'in"side', b: "#" },
    ]);
  });

  test("survives whatever it holds", async () => {
    const field = fc.option(
      fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("", "\n", "\r\n", '"', ",", '",\n"', "é", "\u0000", "\uFEFFx"),
      ),
    );
    const row = fc.record({ a: field, b: field });
    const written = (value: string | null) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1 }),
        fc.constantFrom("\n", "\r\n"),
        async (rows, newline) => {
          const lines = [`a,b`, ...rows.map(({ a, b }) => `${written(a)},${written(b)}`)];
          expect(await rig.rows(text, lines.map((line) => line + newline).join(""))).toEqual(rows);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("of a single column may be null in a row", async () => {
    expect(await rig.rows({ a: string().nullable() }, 'a\nx\n\n""\n')).toEqual([
      { a: "x" },
      { a: null },
      { a: "" },
    ]);
  });
});

describe("a file", () => {
  test.each([
    ["a byte order mark", "\uFEFFa,b\nx,y\n"],
    ["a byte order mark and quoted names", '\uFEFF"a","b"\nx,y\n'],
    ["quoted names", '"a","b"\n"x","y"\n'],
    ["lines that end in CR LF", "a,b\r\nx,y\r\n"],
    ["other columns around and another order", "z,b,y,a,z\n1,y,2,x,3\n"],
    ["blank lines", "a,b\n\nx,y\n\n"],
  ])("may have %s", async (_what, content) => {
    expect(await rig.rows(text, content)).toEqual([{ a: "x", b: "y" }]);
  });

  test("may have no rows", async () => {
    expect(await rig.rows(text, "a,b\n")).toEqual([]);
  });
});

test.each<[string, Column, string, unknown]>([
  ["integer", integer(), "-2147483648", -2147483648],
  ["integer written with a point", integer(), "49.0", 49],
  ["integer with a sign and zeros", integer(), "+007", 7],
  ["bigint", bigint(), "9223372036854775807", 9223372036854775807n],
  ["decimal", decimal(10, 2), "99.9", "99.90"],
  ["decimal with zeros beyond its scale", decimal(10, 2), "-0012.34000", "-12.34"],
  ["decimal at its limit", decimal(38, 2), `${"9".repeat(36)}.99`, `${"9".repeat(36)}.99`],
  ["decimal in quotes", decimal(10, 2), '"1.5"', "1.50"],
  ["double", double(), "-46.63467113292871", -46.63467113292871],
  ["double with an exponent", double(), "1e-7", 1e-7],
  ["boolean", boolean(), "True", true],
  ["date", date(), "2018-10-17", "2018-10-17"],
  ["date at midnight", date(), "2018-10-17 00:00:00", "2018-10-17"],
  ["timestamp", timestamp(), "2018-10-17 13:22:46", 1539782566000000n],
  ["timestamp with microseconds", timestamp(), "2018-10-17T13:22:46.000001", 1539782566000001n],
  ["timestamp without a time", timestamp(), "2018-10-17", 1539734400000000n],
])("%s: %o from %s is %o", async (_what, column, written, value) => {
  expect(await rig.rows({ id: string(), v: column.nullable() }, `id,v\n1,${written}\n2,\n`)).toEqual([
    { id: "1", v: value },
    { id: "2", v: null },
  ]);
});

test.each<[string, Column, string, string]>([
  ["a fraction", integer(), "49.5", "v is not an integer"],
  ["an exponent", integer(), "1e3", "v is not an integer"],
  ["a blank before it", integer(), " 12", "v is not an integer"],
  ["an underscore", integer(), "1_000", "v is not an integer"],
  ["too large", integer(), "2147483648", "v is not an integer"],
  ["empty text in quotes", integer(), '""', "v is not an integer"],
  ["too large", bigint(), "9223372036854775808", "v is not a bigint"],
  ["digits that would be rounded away", decimal(10, 2), "99.999", "v is not a decimal(10,2)"],
  ["an exponent", decimal(10, 2), "1e-3", "v is not a decimal(10,2)"],
  ["a comma for the point", decimal(10, 2), '"99,33"', "v is not a decimal(10,2)"],
  ["too many digits", decimal(4, 2), "100.00", "v is not a decimal(4,2)"],
  ["beyond all doubles", double(), "1e400", "v is not a double"],
  ["not a number", double(), "nan", "v is not a double"],
  ["a word", boolean(), "yes", "v is not a boolean"],
  ["a day that is none", date(), "2018-02-30", "v is not a date"],
  ["another way to write it", date(), "17/10/2018", "v is not a date"],
  ["a time that would be lost", date(), "2018-10-17 13:22:46", "v is not a date"],
  ["a zone that would be lost", timestamp(), "2018-10-17 13:22:46+03", "v is not a timestamp"],
  ["digits that would be lost", timestamp(), "2018-10-17 13:22:46.0000001", "v is not a timestamp"],
  ["a time that is none", timestamp(), "2018-10-17 25:00:00", "v is not a timestamp"],
])("%s: %o from %s is refused, with row, column and value", async (_what, column, written, words) => {
  const content = `id,"v"\n"1\n1",\n2,${written}\n3,\n`;
  expect(await rig.failure({ id: string(), v: column.nullable() }, content)).toEqual({
    reason: "source-row-invalid",
    source: `CSV ${rig.folder}`,
    table: "t",
    message: `row 2 of t.csv: ${words}`,
    hint: "fix the file or declare another format; nothing was published",
    detail: [JSON.stringify(written.replaceAll('"', "")), "column 2, line 4"],
  });
});
