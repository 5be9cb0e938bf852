import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { shopResource } from "../../assets/shop-resource.ts";
import type { Table } from "../../framework/index.ts";
import { tables } from "../../metadata/tables.ts";
import { contractViolations, duckdbTypes, untranslatedCategories } from "./contract.ts";

/** A folder with (part of) the public data set, which is not ours to ship. */
const folder = process.env["OLIST_SAMPLE"] ?? "";

function fileOf(name: string): string {
  const resource = shopResource({ OLIST_DIR: folder });
  return join(folder, (resource.kind === "csv" ? resource.files[name] : undefined) ?? "");
}

test.skipIf(folder === "")("the public data set's files have the columns of metadata, in its order", () => {
  for (const [name, table] of Object.entries(tables)) {
    const [header] = readFileSync(fileOf(name), "utf8").replace("\ufeff", "").split(/\r?\n/, 1);
    expect(header?.replaceAll('"', "")).toBe(Object.keys(table.columns).join(","));
  }
});

test.skipIf(folder === "")("the public data set keeps what metadata promises of it", async () => {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run("create schema real");
  for (const [name, table] of Object.entries(tables) as [string, Table][]) {
    const types = Object.entries(duckdbTypes(table)).map(([column, type]) => `'${column}': '${type}'`);
    await connection.run(
      `create table real.${name} as from read_csv('${fileOf(name)}', header = true, quote = '"', escape = '"',
        delim = ',', auto_detect = false, parallel = false, columns = {${types.join(", ")}})`,
    );
  }
  expect(await contractViolations(connection, "real")).toEqual([]);
  expect(await untranslatedCategories(connection, "real")).toHaveLength(2);
  instance.closeSync();
});
