import type { Failure } from "../../definition/failure.ts";

/** A fault of the lake's folder that the system did not report itself; turned into a failure at the store's rim. */
export class FolderFault extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The system's name of an error (`ENOENT`), if it came from the system. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Turns what the file system threw into a failure; throws on what it did not throw. */
export function failureOf(error: unknown, at: { readonly label: string; readonly object: string }): Failure {
  if (error instanceof FolderFault) return error.failure;
  const code = errorCode(error);
  if (code === undefined) throw error;
  const words = error instanceof Error ? [error.message] : [];
  if (code === "ENOSPC" || code === "EDQUOT") {
    return {
      reason: "disk-full",
      message: `no space is left for ${at.object} in the lake ${at.label}`,
      hint: "free some space and run again: what was made so far is reused",
      detail: words,
    };
  }
  return {
    reason: "lake-unusable",
    object: at.object,
    message: `the lake ${at.label} cannot be used: ${causes[code] ?? "the system refused"} (${at.object})`,
    hint: remedies[code] ?? "see the system's own words below, or name another lake with ASSETS_LAKE",
    detail: words,
  };
}

const elsewhere = "or name another lake with ASSETS_LAKE";

const causes: Readonly<Record<string, string>> = {
  ENOTDIR: "a file is where a folder should be",
  EEXIST: "a file is where a folder should be",
  EACCES: "no permission",
  EPERM: "no permission, or its file system knows no hard links",
  ENOTSUP: "its file system knows no hard links",
  EOPNOTSUPP: "its file system knows no hard links",
  EROFS: "its file system is read-only",
  ELOOP: "a symbolic link is where a file should be",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENAMETOOLONG: "the path is too long",
  EIO: "the disk reports an error",
  ENOENT: "its folder vanished while it was written to",
};

const remedies: Readonly<Record<string, string>> = {
  ENOTDIR: `move the file away, ${elsewhere}`,
  EEXIST: `move the file away, ${elsewhere}`,
  EACCES: `give this user the right to read and write the folder, ${elsewhere}`,
  EPERM: `give this user the right to write the folder, ${elsewhere} on a file system with hard links`,
  ENOTSUP: "name a lake on a file system with hard links with ASSETS_LAKE",
  EOPNOTSUPP: "name a lake on a file system with hard links with ASSETS_LAKE",
  EROFS: `mount it for writing, ${elsewhere}`,
  ELOOP: "remove the link; the lake holds plain files only",
  EMFILE: "raise the limit of open files (ulimit -n)",
  ENFILE: "raise the system's limit of open files",
  ENAMETOOLONG: "name a lake with a shorter path with ASSETS_LAKE",
  EIO: "check the disk; restore the lake from a copy if it is damaged",
  ENOENT: "run again, once nothing else removes the lake's folders",
};
