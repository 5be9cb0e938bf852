import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { integer, string } from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { openCsvFolder } from "../../../framework/engines/csv/open-csv-folder.ts";
import { errorOf, unstopped } from "../engine-rig.ts";
import { type CsvRig, openCsvRig } from "./csv-rig.ts";

let rig: CsvRig;
beforeAll(async () => {
  rig = await openCsvRig();
});
afterAll(async () => {
  expect(await rig.engines.names()).toEqual([]);
  await rig.close();
});

const columns = { id: integer(), name: string().nullable() };
const head = "id,name\n1,a\n";

describe("a file that is broken", () => {
  test.each<[string, string | Uint8Array, string, readonly string[]]>([
    [
      "by a short last row",
      `${head}2\n`,
      "row 2 of t.csv: it has 1 field, and the header has 2",
      ['"2"', "line 3"],
    ],
    [
      "by a row too long",
      `${head}2,b,c\n3,d\n`,
      "row 2 of t.csv: it has 3 fields, and the header has 2",
      ['"2,b,c"', "line 3"],
    ],
    [
      "by an open quote",
      `${head}2,"b\n3,c\n`,
      "row 2 of t.csv: it opens a quote that nothing closes",
      [String.raw`"2,\"b\n3,c\n"`, "line 3"],
    ],
    [
      "by text after a quote",
      `${head}2,"b"c\n`,
      "row 2 of t.csv: name has text after its closing quote",
      [String.raw`"2,\"b\"c"`, "column 2, line 3"],
    ],
    [
      "by bytes that are not UTF-8",
      Buffer.concat([Buffer.from(`${head}2,`), Buffer.from([0xe3, 0x6f]), Buffer.from("\n")]),
      "row 2 of t.csv: name is not UTF-8 text",
      ["column 2, line 3"],
    ],
    [
      "by mixed line ends",
      `${head}2,b\r\n`,
      "row 2 of t.csv: its line ends in another way than those before it (LF and CR LF are mixed)",
      ["line 3"],
    ],
    [
      "after rows that hold line breaks",
      `${head}2,"b\n\nb"\nx,c\n`,
      "row 3 of t.csv: id is not an integer",
      ['"x"', "column 1, line 6"],
    ],
  ])("%s", async (_how, content, message, detail) => {
    expect(await rig.failure(columns, content)).toEqual({
      reason: "source-row-invalid",
      source: `CSV ${rig.folder}`,
      table: "t",
      message,
      hint: "fix the file or declare another format; nothing was published",
      detail,
    });
  });

  test.each<[string, string, string, readonly string[] | undefined]>([
    [
      "without a line break at its end",
      `${head}2,b`,
      "t.csv ends in the middle of a row: there is no line break at its end",
      ['"2,b"'],
    ],
    [
      "inside its header",
      "id,na",
      "t.csv ends in the middle of a row: there is no line break at its end",
      ['"id,na"'],
    ],
    ["before it begins", "", "t.csv is empty: it has not even a header", undefined],
    ["after its byte order mark", "\uFEFF", "t.csv is empty: it has not even a header", undefined],
  ])("by ending %s", async (_how, content, message, detail) => {
    expect(await rig.failure(columns, content)).toEqual({
      reason: "source-row-invalid",
      source: `CSV ${rig.folder}`,
      table: "t",
      message,
      hint: "copy or export the file again; nothing was published",
      ...(detail && { detail }),
    });
  });

  test("far inside is found there", async () => {
    const lines = Array.from({ length: 60_000 }, (_, n) => `${n === 48_212 ? "x" : n},"${n}\n"\n`);
    const failure = await rig.failure(columns, `id,name\n${lines.join("")}`);
    expect(failure).toMatchObject({
      message: "row 48,213 of t.csv: id is not an integer",
      detail: ['"x"', "column 1, line 96,426"],
    });
  });

  test("by a quote that swallows more than a row can be", async () => {
    const content = `${head}2,"b\n${"3,c\n".repeat(1_000_000)}`;
    expect((await rig.failure(columns, content)).message).toBe(
      "row 2 of t.csv: it is longer than 2,000,000 bytes: is there a quote that nothing closes?",
    );
  });
});

describe("a header", () => {
  test("without a declared column names the file, the column and what is near", async () => {
    expect(await rig.failure(columns, "id,nmae\n1,a\n")).toEqual({
      reason: "source-changed-shape",
      source: `CSV ${rig.folder}`,
      table: "t",
      message: "t.csv has no column name; near it: nmae",
      hint: "put the column back, or change the table's metadata",
      detail: ["the header has id, nmae"],
    });
  });

  test("with a declared column twice does not say which is meant", async () => {
    expect((await rig.failure(columns, "id,name,name\n1,a,b\n")).message).toBe("t.csv has 2 columns name");
  });

  test("that is not UTF-8 is no header", async () => {
    expect((await rig.failure(columns, Buffer.from("id,n\xe3me\n1,a\n", "latin1"))).message).toBe(
      "t.csv cannot be read: its first line is not UTF-8 text",
    );
  });

  test("with columns that nobody declared gives a warning for each", async () => {
    await rig.put("t", "id,extra,name,more\n1,x,a,y\n");
    const source = openCsvFolder({ kind: "csv", folder: rig.folder, files: { t: "t.csv" } });
    const snapshot = await source.open([{ table: "t", schema: tableSchema(columns) }], unstopped);
    expect(snapshot.ok && snapshot.value.warnings).toEqual([
      "t.csv has a column extra that the metadata does not know; it is left out",
      "t.csv has a column more that the metadata does not know; it is left out",
    ]);
  });
});

describe("a folder", () => {
  const schema = tableSchema(columns);

  test("gives all that is wrong with its files at once", async () => {
    await rig.put("good", head);
    await rig.put("bad", "ids,nam\n1,a\n");
    await rig.put("cut", "id,name\n1,");
    const names = ["good", "gone", "bad", "cut", "lost"];
    const files = Object.fromEntries(names.map((name) => [name, `${name}.csv`]));
    const source = openCsvFolder({ kind: "csv", folder: rig.folder, files });
    const failure = errorOf(
      await source.open(
        names.map((table) => ({ table, schema })),
        unstopped,
      ),
    );
    expect(failure).toEqual({
      reason: "source-unreachable",
      source: `CSV ${rig.folder}`,
      table: "gone",
      message: `CSV ${rig.folder}: 5 things keep its tables from being read.`,
      hint: "put the file there, or choose another source; put the column back, or change the table's metadata; copy or export the file again; nothing was published",
      detail: [
        "gone.csv is missing",
        `  ${join(rig.folder, "gone.csv")}`,
        "lost.csv is missing",
        `  ${join(rig.folder, "lost.csv")}`,
        "bad.csv has no column id; near it: ids",
        "  the header has ids, nam",
        "bad.csv has no column name; near it: nam",
        "  the header has ids, nam",
        "cut.csv ends in the middle of a row: there is no line break at its end",
        '  "1,"',
      ],
    });
  });

  test("that is not there, or is a file, is named", async () => {
    const path = await rig.put("file", head);
    for (const [folder, message] of [
      [join(rig.folder, "nowhere"), "does not exist"],
      [path, "is not a folder"],
    ] as const) {
      const source = openCsvFolder({ kind: "csv", folder, files: { t: "t.csv" } });
      const failure = errorOf(await source.observe([{ table: "t", schema }], unstopped));
      expect(failure).toMatchObject({ reason: "source-unreachable", table: "t" });
      expect(failure.message).toContain(folder);
      expect(failure.message).toContain(message);
    }
  });

  test("that names no file for a table says so, with near names", async () => {
    const source = openCsvFolder({ kind: "csv", folder: rig.folder, files: { orders: "orders.csv" } });
    expect(errorOf(await source.observe([{ table: "order", schema }], unstopped))).toEqual({
      reason: "config-invalid",
      message: `CSV ${rig.folder} has no file for the table "order".`,
      hint: "did you mean orders?",
    });
  });

  test("with a folder in a file's place says what it is", async () => {
    await mkdir(join(rig.folder, "t2.csv"));
    const source = openCsvFolder({ kind: "csv", folder: rig.folder, files: { t2: "t2.csv" } });
    const failure = errorOf(await source.open([{ table: "t2", schema }], unstopped));
    expect(failure.message).toBe("t2.csv cannot be read (EISDIR)");
    await rm(join(rig.folder, "t2.csv"), { recursive: true });
  });

  test("is not read for a signal that is aborted", async () => {
    const source = openCsvFolder({ kind: "csv", folder: rig.folder, files: { good: "good.csv" } });
    const failure = errorOf(await source.open([{ table: "good", schema }], AbortSignal.abort()));
    expect(failure.reason).toBe("cancelled");
  });
});
