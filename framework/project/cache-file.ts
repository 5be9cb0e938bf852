import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * What a file of the cache holds, or undefined where it is missing or cannot be parsed: a process may have been killed
 * while it wrote, and any file of the cache may be deleted at any time.
 */
export function readCacheFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Replaces a file of the cache in one step, so that no other process sees half of it. Says whether that was possible: a
 * cache that cannot be written costs time and nothing else.
 */
export function writeCacheFile(file: string, content: string | Uint8Array): boolean {
  const temporary = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, file);
    return true;
  } catch {
    removeIfThere(temporary);
    return false;
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where its folder is no folder, nothing was written.
  }
}

const dayMs = 24 * 3600 * 1000;

/**
 * Deletes files that are named by their content and that nobody has written for a day: bundles of earlier states of a
 * project. A process that wants one of them makes it again.
 */
export function sweepCache(folder: string): void {
  try {
    for (const name of readdirSync(folder).filter((entry) =>
      /\.(mjs|map|positions\.json|tmp)$/.test(entry),
    )) {
      const file = join(folder, name);
      const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.NaN);
      if (age > dayMs) removeIfThere(file);
    }
  } catch {
    // Another process sweeps too, or the folder is gone.
  }
}
