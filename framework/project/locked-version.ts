import { readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "./file-stamp.ts";
import { filePath, projectPath } from "./project-path.ts";
import { climb, lockBase } from "./watch-resolution.ts";

/** Says which version of a package a project has, in a text that changes when code of the package may have changed. */
export type LockedVersions = (name: string, folder: string) => string;

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

type Lock = { readonly folder: string; readonly packages: Readonly<Record<string, LockEntry>> };

/**
 * Versions as package-lock.json has them, with those of all that a package depends on. What is installed counts beside
 * it where it is another version, and alone where there is no lock file.
 */
export function lockedVersions(root: string): LockedVersions {
  const locks = new Map<string, Lock | undefined>();
  const known = new Map<string, string>();
  return (name, folder) => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    const path = filePath(root, folder);
    const base = lockBase(path);
    if (!locks.has(base)) locks.set(base, readLock(base));
    const version = versionOf(name, path, locks.get(base));
    known.set(folder, version);
    return version;
  };
}

function versionOf(name: string, folder: string, lock: Lock | undefined): string {
  const manifest = readJson(join(folder, "package.json")) as LockEntry | undefined;
  const installed = manifest?.version ?? "none";
  const key = lock && projectPath(lock.folder, folder);
  const entry = key === undefined ? undefined : lock?.packages[key];
  if (lock === undefined || key === undefined || entry === undefined) return `${name}@${installed}`;
  const locked = entry.version ?? "none";
  const parts = [...closure(lock, key)].sort();
  const beside = installed === locked ? "" : ` installed ${installed}`;
  return `${name}@${locked}${beside} ${digestOf(JSON.stringify(parts))}`;
}

/** A package and all that it depends on, by name and version. */
function closure(lock: Lock, key: string): ReadonlySet<string> {
  const parts = new Set<string>();
  const seen = new Set<string>();
  const queue = [key];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const entry = lock.packages[at];
    if (entry === undefined || seen.has(at)) continue;
    seen.add(at);
    const name = at.slice(at.lastIndexOf("node_modules/") + "node_modules/".length);
    // From elsewhere than a registry, a version can stay while the code changes.
    const { integrity = "", resolved = "" } = entry;
    const isElsewhere =
      /^(git|file|github)/.test(resolved) || (/^https?:/.test(resolved) && !resolved.includes("/-/"));
    const origin = isElsewhere ? ` ${resolved} ${integrity}` : "";
    // What is installed is what runs, whatever the lock says; an optional package may be installed nowhere.
    const manifest = readJson(join(lock.folder, at, "package.json")) as LockEntry | undefined;
    const installed =
      manifest?.version === undefined || manifest.version === entry.version
        ? ""
        : ` installed ${manifest.version}`;
    parts.add(`${name}@${entry.version ?? "none"}${origin}${installed}`);
    if (entry.link && entry.resolved !== undefined) queue.push(entry.resolved);
    for (const dependency of dependenciesOf(entry)) {
      const found = resolveKey(lock, at, dependency);
      if (found !== undefined) queue.push(found);
    }
  }
  return parts;
}

function dependenciesOf(entry: LockEntry): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies } = entry;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** The entry that a package's import of another leads to: the nearest one above it. */
function resolveKey(lock: Lock, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const key = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (key in lock.packages) return key;
    if (at === "") return undefined;
  }
}

function readLock(base: string): Lock | undefined {
  let lock: Lock | undefined;
  climb(base, (folder) => {
    const read = readJson(join(folder, "package-lock.json")) as Partial<Lock> | undefined;
    if (read?.packages) lock = { folder, packages: read.packages };
    return read !== undefined;
  });
  return lock;
}

/** A text that changes with every installation by npm, whether or not the lock file changes with it. */
export function installationMark(root: string): string {
  let mark = "";
  climb(root, (folder) => {
    try {
      mark = digestOf(readFileSync(join(folder, "node_modules", ".package-lock.json"), "utf8"));
    } catch {
      return false;
    }
    return true;
  });
  return mark;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
