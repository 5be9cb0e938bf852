import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { date, decimal, integer, string, timestamp } from "../../../framework/definition/column.ts";
import type { RowSource } from "../../../framework/definition/compute-port.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { type EngineRig, errorOf, openRig, unwrap } from "../engine-rig.ts";

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const schema = tableSchema({
  id: integer(),
  text: string().nullable(),
  money: decimal(10, 2).nullable(),
  day: date().nullable(),
  moment: timestamp().nullable(),
});

function csv(text: string, piece = 7): RowSource & { form: "csv" } {
  const bytes = Buffer.from(text);
  return {
    form: "csv",
    chunks: (async function* () {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    })(),
  };
}

test("bytes that come in pieces become rows: an unquoted empty field is null, a quoted one is empty text", async () => {
  const file = rig.file();
  const text = '1,"a ""b""\n, c",1.50,2018-10-17,2018-10-17 13:22:46.000001\n2,,,,\n3,"",-0.01,0001-01-01,\n';
  unwrap(await rig.write(csv(text), schema, { file }));
  expect(await rig.read({ files: [file], schema })).toEqual([
    { id: 1, text: 'a "b"\n, c', money: "1.50", day: "2018-10-17", moment: 1539782566000001n },
    { id: 2, text: null, money: null, day: null, moment: null },
    { id: 3, text: "", money: "-0.01", day: "0001-01-01", moment: null },
  ]);
});

test("a single column that is null in a row keeps the row", async () => {
  const single = tableSchema({ text: string().nullable() });
  const file = rig.file();
  unwrap(await rig.write(csv('a\n\n""\n'), single, { file }));
  expect(await rig.read({ files: [file], schema: single })).toEqual([
    { text: "a" },
    { text: null },
    { text: "" },
  ]);
});

test("no bytes are no rows", async () => {
  expect(unwrap(await rig.write(csv(""), schema)).rows).toBe(0);
});

test("a value that does not parse is a failure with the engine's words, and leaves nothing", async () => {
  const before = await rig.names();
  const failure = errorOf(await rig.write(csv("1,a,1.5,2018-10-17,\n2,b,x,2018-10-17,\n"), schema));
  expect(failure.message).toContain('"x"');
  expect(await rig.names()).toEqual(before);
});

test("a source that breaks off fails as the source says, and its bytes are not kept", async () => {
  const lost = { reason: "source-unreachable", source: "db", table: "orders", message: "gone away" } as const;
  const told: string[] = [];
  const chunks = (async function* () {
    yield Buffer.from("1,a,1.5,");
    throw new Error("ECONNRESET");
  })();
  const failureOf = (message: string) => {
    told.push(message);
    return lost;
  };
  expect(errorOf(await rig.write({ form: "csv", chunks, failureOf }, schema))).toEqual(lost);
  expect(told).toEqual(["ECONNRESET"]);
  const [spill = ""] = await readdir(join(dirname(rig.folder), "spill"));
  const kept = await readdir(join(dirname(rig.folder), "spill", spill));
  expect(kept.filter((name) => name.endsWith(".csv"))).toEqual([]);
});
