import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { integer, string } from "../../../framework/definition/column.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { openCsvFolder } from "../../../framework/engines/csv/open-csv-folder.ts";
import { type EngineRig, openRig, unstopped, unwrap } from "../engine-rig.ts";

const columns = { env: string(), n: integer() };
const schema = tableSchema(columns);

describe("a file is read for what it is, whatever the folders above it are called", () => {
  let rig: EngineRig;
  let root: string;
  beforeAll(async () => {
    rig = await openRig();
    root = await mkdtemp(join(tmpdir(), "file-names-"));
  });
  afterAll(async () => {
    await rig.close();
    await rm(root, { recursive: true, force: true });
  });

  it.each(["env=prod", "n=7", "c0=9", "g[a]", "la*e", "wh?t", "it's", "a b"])("%s", async (name) => {
    // What the name would stand for if it were a pattern.
    for (const [folder, env] of [
      ["ga", "wrong"],
      ["lake", "wrong"],
      ["what", "wrong"],
      [name, "dev"],
    ] as const) {
      await mkdir(join(root, folder), { recursive: true });
      await writeFile(join(root, folder, "t.csv"), `env,n\n${env},1\n`);
    }
    const source = openCsvFolder({ kind: "csv", folder: join(root, name), files: { t: "t.csv" } });
    const snapshot = unwrap(await source.open([{ table: "t", schema }], unstopped));
    const file = join(root, name, "t.parquet");
    const part = unwrap(
      await rig.engine.write({
        asset: "t" as never,
        rows: snapshot.read("t"),
        schema,
        file,
        sortBy: [],
        signal: unstopped,
      }),
    );
    expect(part).toMatchObject({
      rows: 1,
      columns: [
        { min: "dev", max: "dev" },
        { min: "1", max: "1" },
      ],
    });
    expect(await rig.read({ files: [file], schema })).toEqual([{ env: "dev", n: 1 }]);
    const elsewhere = unwrap(
      await rig.write({ form: "query", statement: "select 'dev' as env, 1 as n", relations: {} }, schema),
    );
    expect(part.rowHash).toBe(elsewhere.rowHash);
  });
});
