import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { project } from "../../assets/project.ts";
import { config } from "../../assets.config.ts";
import { relations } from "../../metadata/relations.ts";

const keys = project.assets.map((asset) => asset.key);

test("every asset's file is listed in the project, under the file's name", () => {
  const files = ["batch", "insights"].flatMap((folder) => readdirSync(`assets/${folder}`));
  expect([...keys].sort()).toEqual(files.map((file) => file.replace(/\.ts$/, "")).sort());
});

test("no asset has a fault, and each says what it is and belongs to a group", () => {
  expect(project.assets.flatMap((asset) => asset.faults)).toEqual([]);
  expect(
    project.assets.filter((asset) => !asset.description || !asset.group).map((asset) => asset.key),
  ).toEqual([]);
});

test("what an insight says of itself covers its columns as well", () => {
  const silent = project.assets.flatMap((asset) =>
    Object.entries(asset.columns)
      .filter(([, column]) => !column.description)
      .map(([column]) => `${asset.key}.${column}`),
  );
  expect(silent).toEqual([]);
});

test("all foreign keys are part of the project, and the config names it", () => {
  expect(project.relations).toEqual(expect.arrayContaining([...relations]));
  expect(config.definitions).toBe(project);
  const { sources } = config.resources({ environment: "dev", variables: {} });
  expect(Object.keys(sources)).toEqual(["shop"]);
});
