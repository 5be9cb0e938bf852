import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

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
