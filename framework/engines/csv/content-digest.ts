import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { DigestCache } from "./digest-cache.ts";
import { type FileState, fileState, sameState } from "./file-state.ts";

export interface ContentDigest {
  /** SHA-256 of the content, hex. */
  readonly digest: string;
  readonly state: FileState;
  /** Whether the file was left alone for so long that a later change must show in its state. */
  readonly settled: boolean;
}

// Some file systems keep time in steps of two seconds.
const settledAfterMs = 2000;

/** The digest of a file's content: remembered where the file is as it was, else read. Undefined where it does not hold still. */
export async function contentDigest(
  path: string,
  cache: DigestCache,
  signal?: AbortSignal,
): Promise<ContentDigest | undefined> {
  const before = await fileState(path);
  const remembered = await cache.get(path);
  if (remembered && sameState(remembered.state, before)) {
    return { digest: remembered.digest, state: before, settled: true };
  }
  const startedAt = Date.now();
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    hash.update(piece);
  }
  const after = await fileState(path);
  if (!sameState(before, after)) return undefined;
  const lastTouchedMs = Math.max(Number(after.modified), Number(after.changed)) / 1e6;
  const digest = {
    digest: hash.digest("hex"),
    state: after,
    settled: lastTouchedMs < startedAt - settledAfterMs,
  };
  if (digest.settled) cache.set(path, { digest: digest.digest, state: after });
  return digest;
}
