import { join } from "node:path";
import { expect, test } from "vitest";
import { findConfig } from "../../framework/project/find-config.ts";
import { temporaryProject } from "./temporary-project.ts";

test("the config of a folder is the nearest one above it", () => {
  const { root } = temporaryProject({
    "assets.config.ts": "",
    "inner/assets.config.mjs": "",
    "inner/deep/note.txt": "",
    "outer/note.txt": "",
  });
  expect(findConfig(join(root, "inner/deep"))).toEqual({
    ok: true,
    value: join(root, "inner/assets.config.mjs"),
  });
  expect(findConfig(join(root, "outer"))).toEqual({ ok: true, value: join(root, "assets.config.ts") });
});

test("a folder of the config's name is no config, and TypeScript goes before JavaScript", () => {
  const { root } = temporaryProject({
    "assets.config.js": "",
    "a/assets.config.ts/note.txt": "",
    "b/assets.config.js": "",
    "b/assets.config.ts": "",
  });
  expect(findConfig(join(root, "a"))).toEqual({ ok: true, value: join(root, "assets.config.js") });
  expect(findConfig(join(root, "b"))).toEqual({ ok: true, value: join(root, "b/assets.config.ts") });
});

test("without a config the failure names every folder that was searched", () => {
  const { root } = temporaryProject({ "a/b/note.txt": "" });
  const found = findConfig(join(root, "a/b"));
  expect(found).toMatchObject({
    ok: false,
    error: {
      reason: "config-invalid",
      message: `no assets.config.ts in ${join(root, "a/b")} or any folder above it`,
    },
  });
  const detail = found.ok ? [] : (found.error.detail ?? []);
  expect(detail.slice(0, 3)).toEqual([
    `looked in ${join(root, "a/b")}`,
    `looked in ${join(root, "a")}`,
    `looked in ${root}`,
  ]);
  expect(detail.at(-1)).toBe("looked in /");
});
