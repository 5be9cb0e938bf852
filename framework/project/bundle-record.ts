import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCacheFile, writeCacheFile } from "./cache-file.ts";
import { digestOf, type FileStamp, restamp } from "./file-stamp.ts";
import { isFile, realPath } from "./real-path.ts";

/** What an import leads to. Paths are relative to the project's folder, `/`-separated. */
export type ImportTarget =
  | { readonly to: "file"; readonly path: string }
  | { readonly to: "package"; readonly name: string; readonly folder: string }
  | { readonly to: "platform"; readonly name: string };

/** What every module of a project imports, by the module's path and the specifier as it is written. */
export type ImportTable = Readonly<Record<string, Readonly<Record<string, ImportTarget>>>>;

/** What went into a bundle, so that a later process can tell whether it would come out the same. */
export interface BundleRecord {
  readonly format: typeof bundleFormat;
  /** SHA-256 of the bundle; also its file name. */
  readonly digest: string;
  /** SHA-256 of its source map; also its file name: sources can move while the bundle stays the same. */
  readonly mapDigest: string;
  /** The modules of the project, in the order of their paths. */
  readonly modules: Readonly<Record<string, FileStamp>>;
  /** Other files that decide what an import leads to: package.json files and lock files. */
  readonly watched: Readonly<Record<string, FileStamp>>;
  /** Files that are not there and would change what an import leads to if they were. */
  readonly absent: readonly string[];
  /** Paths that imports follow through links, and where those lead. */
  readonly links: Readonly<Record<string, string>>;
  readonly imports: ImportTable;
}

/** Moved whenever the same inputs would give another bundle or record. */
export const bundleFormat = 3;

export interface BundleFiles {
  readonly record: string;
  readonly folder: string;
}

/** The bundle that an earlier process made, if making it again would give the same. */
export function readBundleRecord(root: string, files: BundleFiles): BundleRecord | undefined {
  const record = readCacheFile(files.record) as BundleRecord | undefined;
  try {
    if (record?.format !== bundleFormat || typeof record.imports !== "object") return undefined;
    if (record.absent.some((path) => isFile(join(root, path)))) return undefined;
    for (const [path, target] of Object.entries(record.links)) {
      if (realPath(join(root, path)) !== join(root, target)) return undefined;
    }
    const modules = restampAll(root, record.modules);
    const watched = restampAll(root, record.watched);
    if (modules === undefined || watched === undefined) return undefined;
    if (digestOf(readFileSync(bundleFile(files, record.digest))) !== record.digest) return undefined;
    if (!isFile(mapFile(files, record.mapDigest))) return undefined;
    if (modules === record.modules && watched === record.watched) return record;
    // Content is the same under other times: with new stamps the next process need not read these files.
    const renewed = { ...record, modules, watched };
    writeCacheFile(files.record, JSON.stringify(renewed));
    return renewed;
  } catch {
    return undefined;
  }
}

export function bundleFile(files: BundleFiles, digest: string): string {
  return join(files.folder, `${digest.slice(0, 32)}.mjs`);
}

export function mapFile(files: BundleFiles, mapDigest: string): string {
  return join(files.folder, `${mapDigest.slice(0, 32)}.map`);
}

type Stamps = Readonly<Record<string, FileStamp>>;

/** The same object where no stamp moved, new stamps where content is equal, undefined where any content changed. */
function restampAll(root: string, stamps: Stamps): Stamps | undefined {
  let renewed: Record<string, FileStamp> | undefined;
  for (const [path, known] of Object.entries(stamps)) {
    const stamp = restamp(join(root, path), known);
    if (stamp?.digest !== known.digest) return undefined;
    if (stamp.stat === known.stat) continue;
    renewed ??= { ...stamps };
    renewed[path] = stamp;
  }
  return renewed ?? stamps;
}
