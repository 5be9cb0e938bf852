import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { integer, string } from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { createDuckdbEngine } from "../../../framework/engines/duckdb/create-duckdb-engine.ts";
import { type EngineRig, errorOf, openRig, queryFrom, unstopped, unwrap } from "../engine-rig.ts";

const schema = tableSchema({ env: string().nullable(), n: integer() });

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

/** Writes one row to a file in a folder of this name. */
async function writeIn(name: string, value: string) {
  const folder = join(rig.folder, name);
  await mkdir(folder, { recursive: true });
  const file = join(folder, "part.parquet");
  const written = await rig.write(queryFrom(`select '${value}' as env, 1 as n`), schema, { file });
  return { file, written };
}

describe.each(["env=prod", "n=7", "la[k]e", "la*e", "la?e", "a[!b]", "[*]", "back\\slash"])(
  "a lake in the folder %s",
  (name) => {
    test("has the rows that were written, and no others", async () => {
      // What the name would stand for if it were a pattern.
      for (const other of ["lake", "la12e", "ac", "*", "x"]) await writeIn(other, "other");
      const plain = unwrap((await writeIn("plain", "real")).written);
      const { file, written } = await writeIn(name, "real");
      expect(unwrap(written)).toMatchObject({ rowHash: plain.rowHash, columns: plain.columns });
      const relation = { files: [file], schema };
      expect(await rig.read(relation)).toEqual([{ env: "real", n: 1 }]);
      const asked = unwrap(
        await rig.engine.query("select env, n from made", { made: relation }, 5, unstopped),
      );
      expect(asked.rows).toEqual([["real", "1"]]);
    });
  },
);

describe("staged CSV", () => {
  test.each(["env=prod", "sp[i]ll"])("may be kept in the folder %s", async (name) => {
    const engine = createDuckdbEngine({ temporaryFolder: join(rig.folder, name), threads: 1 });
    const file = rig.file();
    const chunks = (async function* () {
      yield Buffer.from("real,1\n");
    })();
    const request = { asset: "made" as never, rows: { form: "csv" as const, chunks }, schema, file };
    unwrap(await engine.write({ ...request, sortBy: [], signal: unstopped }));
    await engine.close();
    expect(await rig.read({ files: [file], schema })).toEqual([{ env: "real", n: 1 }]);
  });
});

test.skipIf(process.platform === "win32")(
  "a path that DuckDB cannot be given is refused in plain words",
  async () => {
    const { file, written } = await writeIn("b\\a[x", "real");
    const refusal = { reason: "lake-unusable", message: expect.stringContaining("backslash") };
    expect(errorOf(written)).toMatchObject({ ...refusal, message: expect.stringContaining("b\\a[x") });
    await expect(rig.read({ files: [file], schema })).rejects.toMatchObject({ failure: refusal });
  },
);
