const segment = /^[a-z0-9._-]+$/;
// Room is left in a file name of 255 bytes for what an adapter adds to it.
const longestSegment = 220;

/** Whether a text can be a segment of an object key. */
export function isKeySegment(text: string): boolean {
  return text.length <= longestSegment && segment.test(text) && text !== "." && text !== "..";
}

/**
 * Refuses what is no object key. Keys are built by the lake from names that were parsed before, so that another one
 * here is a fault of ours, and must never reach a file system.
 */
export function assertObjectKey(key: string): void {
  if (!key.split("/").every(isKeySegment)) {
    throw new Error(`Internal error: ${JSON.stringify(key)} is not an object key`);
  }
}

/** Refuses what is no prefix for a list: an object key and a `/`, or nothing. */
export function assertKeyPrefix(prefix: string): void {
  if (prefix === "") return;
  if (!prefix.endsWith("/"))
    throw new Error(`Internal error: the prefix ${JSON.stringify(prefix)} does not end at a /`);
  assertObjectKey(prefix.slice(0, -1));
}
