import { stat } from "node:fs/promises";

/** What the file system says of a file; any change of its content changes it, unless it comes within one tick of the clock. */
export interface FileState {
  readonly size: string;
  readonly modified: string;
  readonly changed: string;
  readonly inode: string;
}

export async function fileState(path: string): Promise<FileState> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  return { size: `${size}`, modified: `${mtimeNs}`, changed: `${ctimeNs}`, inode: `${ino}` };
}

export function sameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}
