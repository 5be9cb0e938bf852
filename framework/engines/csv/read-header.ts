import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";
import { fieldText, parseRecord } from "./parse-record.ts";

export type HeaderReading =
  | { readonly kind: "header"; readonly names: readonly string[] }
  | { readonly kind: "empty" }
  /** The file ends without a line break: `last` is what stands behind the last one. */
  | { readonly kind: "truncated"; readonly last: string }
  | { readonly kind: "unreadable"; readonly fault: string };

// No header is longer, and no row needs to be looked at to see that a file ends in the middle of one.
const mostBytes = 1 << 16;
const byteOrderMark = Buffer.from("\uFEFF");

/** Reads the names in the first line of a file, and looks whether its last line is whole. */
export async function readHeader(path: string): Promise<HeaderReading> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const first = await readAt(file, 0, Math.min(size, mostBytes));
    const bytes = first.subarray(0, 3).equals(byteOrderMark) ? first.subarray(3) : first;
    if (bytes.length === 0) return { kind: "empty" };
    const tail = await readAt(file, Math.max(0, size - mostBytes), Math.min(size, mostBytes));
    if (tail.at(-1) !== 0x0a) {
      return { kind: "truncated", last: tail.subarray(tail.lastIndexOf(0x0a) + 1).toString() };
    }
    const record = parseRecord(bytes, 0);
    if (record.kind !== "record") return { kind: "unreadable", fault: "its first line has an open quote" };
    if (!isUtf8(bytes.subarray(0, record.next))) {
      return { kind: "unreadable", fault: "its first line is not UTF-8 text" };
    }
    return { kind: "header", names: record.fields.map((field) => fieldText(bytes, field)) };
  } finally {
    await file.close();
  }
}

async function readAt(
  file: Awaited<ReturnType<typeof open>>,
  position: number,
  length: number,
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
