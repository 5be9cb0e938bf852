import { expect, test } from "vitest";
import { shopResource } from "../../assets/shop-resource.ts";
import { tables } from "../../metadata/tables.ts";

test("without any variable the built-in sample is read, and has a query for each table", async () => {
  const resource = shopResource({});
  expect(resource).toMatchObject({ kind: "generated", label: "built-in sample" });
  const queries = resource.kind === "generated" ? await resource.load() : undefined;
  expect(Object.keys(queries?.tables ?? {}).sort()).toEqual(Object.keys(tables).sort());
});

test("OLIST_DIR names the folder, with a file for each table", () => {
  const resource = shopResource({ OLIST_DIR: "some/folder" });
  expect(resource).toMatchObject({ kind: "csv", folder: "some/folder" });
  expect(Object.keys(resource.kind === "csv" ? resource.files : {}).sort()).toEqual(
    Object.keys(tables).sort(),
  );
});

test("an empty variable counts as not set", () => {
  expect(shopResource({ OLIST_DIR: "", MYSQL_HOST: "" }).kind).toBe("generated");
});

test("MYSQL_HOST is refused with a remedy rather than passed over, even with OLIST_DIR", () => {
  expect(() =>
    shopResource({ MYSQL_HOST: "db", OLIST_DIR: "some/folder" }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[Error: MYSQL_HOST is set, but this version cannot read from MySQL: unset it, and set OLIST_DIR to a folder with the CSV files, or neither for the built-in sample]`,
  );
});
