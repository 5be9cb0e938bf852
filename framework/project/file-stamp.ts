import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/** What a file was when its content was hashed. */
export interface FileStamp {
  /** SHA-256 of the content, hex. */
  readonly digest: string;
  /** Size, times of change in nanoseconds and inode; null where a change right after hashing could leave them as they are. */
  readonly stat: string | null;
}

/** The hash of a text or of bytes, as this layer writes it everywhere. */
export function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

// File systems keep times in steps of up to two seconds: a file changed twice within one step looks unchanged.
const step = 2_000_000_000n;

/** The state of a file for a comparison with a later one; undefined where it is no readable file. */
export function fileState(
  path: string,
  now: bigint = BigInt(Date.now()) * 1_000_000n,
): FileState | undefined {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!stat?.isFile()) return undefined;
    return {
      text: `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}:${stat.ino}`,
      settled: now - stat.mtimeNs > step && now - stat.ctimeNs > step,
    };
  } catch {
    return undefined;
  }
}

export interface FileState {
  readonly text: string;
  readonly settled: boolean;
}

/** The stamp of content that was read after `before` was taken, if the file is the same afterwards. */
export function stampOf(path: string, content: Uint8Array, before: FileState | undefined): FileStamp {
  const after = fileState(path);
  const same = before !== undefined && after !== undefined && before.text === after.text && after.settled;
  return { digest: digestOf(content), stat: same ? after.text : null };
}

/** Reads and stamps a file; undefined where it is no readable file. */
export function stampFile(path: string): FileStamp | undefined {
  const before = fileState(path);
  if (before === undefined) return undefined;
  try {
    return stampOf(path, readFileSync(path), before);
  } catch {
    return undefined;
  }
}

/** The stamp a file has now, read again only where its size or times do not vouch for its content. */
export function restamp(path: string, known: FileStamp): FileStamp | undefined {
  if (known.stat !== null && fileState(path)?.text === known.stat) return known;
  return stampFile(path);
}
