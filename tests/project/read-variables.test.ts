import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readVariables } from "../../framework/project/read-variables.ts";
import { temporaryProject } from "./temporary-project.ts";

test("variables come from .env and from the process, which wins even when it is empty", async () => {
  const { root } = temporaryProject({
    ".env": '\uFEFF# a comment\nMYSQL_HOST=db\nMYSQL_USER="shop user"\nMYSQL_PASSWORD=a#b\nASSETS_ENV=prod\n',
  });
  const variables = await readVariables(root, { ASSETS_ENV: "", HOME: "/home/x" });
  expect(variables).toEqual({
    ok: true,
    value: {
      MYSQL_HOST: "db",
      MYSQL_USER: "shop user",
      MYSQL_PASSWORD: "a",
      ASSETS_ENV: "",
      HOME: "/home/x",
    },
  });
  expect(process.env["MYSQL_HOST"]).toBeUndefined();
});

test("a project needs no .env", async () => {
  const { root } = temporaryProject({});
  expect(await readVariables(root, { A: "1" })).toEqual({ ok: true, value: { A: "1" } });
});

test("a .env that cannot be read is a failure that names it", async () => {
  const { root } = temporaryProject({});
  mkdirSync(join(root, ".env"));
  expect(await readVariables(root, {})).toEqual({
    ok: false,
    error: {
      reason: "config-invalid",
      message: `cannot read ${join(root, ".env")} (EISDIR)`,
      hint: "make it a readable text file of NAME=value lines, or remove it",
    },
  });
});
