import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

const pieceBytes = 1 << 20;

/** Makes sure that a file is on the disk; gives the SHA-256 of its bytes in hex, and how many they are. */
export async function syncFile(path: string): Promise<{ digest: string; bytes: number }> {
  const file = await open(path, "r+");
  try {
    await file.sync();
    const hash = createHash("sha256");
    const piece = Buffer.allocUnsafe(pieceBytes);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes, bytes);
      if (bytesRead === 0) return { digest: hash.digest("hex"), bytes };
      hash.update(piece.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Makes sure that a folder's names are on the disk, where the system has a way to say so. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
