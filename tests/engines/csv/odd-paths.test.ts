import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { integer, string } from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { openCsvFolder } from "../../../framework/engines/csv/open-csv-folder.ts";
import { errorOf, unstopped, unwrap } from "../engine-rig.ts";
import { type CsvRig, openCsvRig } from "./csv-rig.ts";

const schema = tableSchema({ n: integer(), s: string() });

let rig: CsvRig;
beforeAll(async () => {
  rig = await openCsvRig();
});
afterAll(() => rig.close());

async function folderWith(name: string, value: string): Promise<string> {
  const folder = join(rig.folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "t.csv"), `n,s\n1,${value}\n`);
  return folder;
}

test.each(["c0=9", "n=9", "g[a]", "s*", "q?", "a[!b]"])(
  "a folder called %s has its own rows",
  async (name) => {
    // What the name would stand for if it were a pattern.
    for (const other of ["ga", "st", "qq", "ac"]) await folderWith(other, "other");
    const folder = await folderWith(name, "real");
    const source = openCsvFolder({ kind: "csv", folder, files: { t: "t.csv" } });
    const snapshot = unwrap(await source.open([{ table: "t", schema }], unstopped));
    const file = rig.engines.file();
    unwrap(await rig.engines.write(snapshot.read("t"), schema, { file }));
    expect(await rig.engines.read({ files: [file], schema })).toEqual([{ n: 1, s: "real" }]);
  },
);

test.skipIf(process.platform === "win32")(
  "a path that cannot be given to the reader is refused",
  async () => {
    const folder = await folderWith("b\\a[x", "real");
    const source = openCsvFolder({ kind: "csv", folder, files: { t: "t.csv" } });
    expect(errorOf(await source.open([{ table: "t", schema }], unstopped))).toMatchObject({
      reason: "config-invalid",
      message: expect.stringContaining("backslash"),
    });
  },
);
