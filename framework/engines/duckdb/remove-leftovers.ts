import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Removes the folders of processes that were killed: their names hold a process id that nobody has any more. */
export async function removeLeftovers(temporaryFolder: string): Promise<void> {
  const names = await readdir(temporaryFolder).catch(() => []);
  for (const name of names) {
    const pid = /^duckdb-(\d+)-[0-9a-f]+$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(temporaryFolder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Somebody else's process is alive too, though we may not signal it.
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}
