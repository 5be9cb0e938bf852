import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeLeftovers } from "../../../framework/engines/duckdb/remove-leftovers.ts";

it("removes the folders of processes that ended, and no others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assets-leftovers-"));
  const { pid: ended } = spawnSync(process.execPath, ["-e", "0"]);
  for (const name of [`duckdb-${ended}-0a1b2c3d`, `duckdb-${process.pid}-0a1b2c3d`, "kept"])
    await mkdir(join(folder, name));
  await removeLeftovers(folder);
  expect(await readdir(folder)).toEqual([`duckdb-${process.pid}-0a1b2c3d`, "kept"]);
  await rm(folder, { recursive: true });
  await removeLeftovers(folder);
});
