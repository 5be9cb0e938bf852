import { constants } from "node:fs";
import { lstat, open, readFile, unlink } from "node:fs/promises";
import { errorCode } from "./local-failure.ts";

/** Opens for reading, but never through a symbolic link. */
const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

/** What tells a file from all others that had its name before: a name can be used again, a file cannot come back. */
export type FileIdentity = string;

/**
 * The number of a node is used again once its file is gone, so that the time of writing belongs to an identity. A link
 * or a rename changes neither.
 */
export function identityOf(found: {
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly size: bigint;
}): FileIdentity {
  return `${found.ino}-${found.mtimeNs}-${found.size}`;
}

/** The bytes and the identity of a file; undefined where there is none. */
export async function readWhole(
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly identity: FileIdentity } | undefined> {
  const file = await open(path, readOnly).catch(unlessCode("ENOENT"));
  if (file === undefined) return undefined;
  try {
    return { identity: identityOf(await file.stat({ bigint: true })), bytes: await file.readFile() };
  } finally {
    await file.close();
  }
}

/** The bytes of a file; undefined where there is none, or a folder. */
export async function readObject(path: string): Promise<Uint8Array | undefined> {
  return await readFile(path, { flag: readOnly }).catch(unlessCode("ENOENT", "EISDIR"));
}

/** What is at a path, without reading it; undefined where there is nothing. */
export async function lookAt(path: string): Promise<
  | {
      readonly kind: "file" | "folder" | "link" | "other";
      readonly size: number;
      readonly identity: FileIdentity;
    }
  | undefined
> {
  const found = await lstat(path, { bigint: true }).catch(unlessCode("ENOENT"));
  if (found === undefined) return undefined;
  const kind = found.isFile()
    ? "file"
    : found.isDirectory()
      ? "folder"
      : found.isSymbolicLink()
        ? "link"
        : "other";
  return { kind, size: Number(found.size), identity: identityOf(found) };
}

/** Removes a file that may be gone already. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch(unlessCode("ENOENT"));
}

/** Puts the bytes of a file on disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts the names in a folder on disk, where the system can do that; some cannot, and say so by one of these codes. */
export async function syncFolder(path: string): Promise<void> {
  const cannot = unlessCode("EINVAL", "ENOTSUP", "EOPNOTSUPP", "EISDIR", "EPERM");
  const folder = await open(path, constants.O_RDONLY).catch(cannot);
  if (folder === undefined) return;
  try {
    await folder.sync().catch(cannot);
  } finally {
    await folder.close();
  }
}

/** For `catch`: turns errors with one of these codes into undefined, and throws the others again. */
export function unlessCode(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    const code = errorCode(error);
    if (code === undefined || !codes.includes(code)) throw error;
  };
}
