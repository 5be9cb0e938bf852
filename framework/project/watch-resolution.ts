import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import type { ImportTable } from "./bundle-record.ts";
import { type FileStamp, stampFile } from "./file-stamp.ts";
import { filePath, packageName, projectPath } from "./project-path.ts";
import { isFile, realPath } from "./real-path.ts";

/** Endings that an import may leave out, in the order in which they are tried. */
export const importEndings = [".ts", ".mts", ".js", ".mjs", ".json"] as const;

/** Files beside the modules that decide what imports lead to: those that are there, and those that must stay away. */
export interface WatchedFiles {
  readonly watched: Readonly<Record<string, FileStamp>>;
  readonly absent: readonly string[];
  /** Paths that lead elsewhere by links, and where to. */
  readonly links: Readonly<Record<string, string>>;
}

/** Finds the files that decide what the imports of a project lead to. */
export function watchResolution(root: string, modules: Iterable<string>, imports: ImportTable): WatchedFiles {
  const watched: Record<string, FileStamp> = {};
  const absent = new Set<string>();
  const links: Record<string, string> = {};
  const look = (file: string): boolean => {
    const path = projectPath(root, file);
    if (path in watched) return true;
    if (absent.has(path)) return false;
    const stamp = isFile(file) ? stampFile(file) : undefined;
    if (stamp) watched[path] = stamp;
    else absent.add(path);
    return stamp !== undefined;
  };
  const follow = (path: string): void => {
    const real = realPath(path);
    if (real !== undefined && real !== path) links[projectPath(root, path)] = projectPath(root, real);
  };
  // The nearest package.json above a module says how its imports of packages and of "#names" are read.
  for (const folder of foldersOf(root, modules)) climb(folder, (above) => look(join(above, "package.json")));
  const seen = new Set<string>();
  for (const [importer, targets] of Object.entries(imports)) {
    const folder = dirname(filePath(root, importer));
    for (const [specifier, target] of Object.entries(targets)) {
      if (/^\.{0,2}\//.test(specifier) || isAbsolute(specifier)) {
        if (target.to === "file") {
          follow(resolve(folder, specifier));
          for (const file of triedBefore(resolve(folder, specifier), filePath(root, target.path))) look(file);
        }
      } else if (target.to !== "platform" && !seen.has(`${folder} ${packageName(specifier)}`)) {
        seen.add(`${folder} ${packageName(specifier)}`);
        const installed = join("node_modules", packageName(specifier));
        climb(folder, (above) => {
          follow(join(above, installed));
          return look(join(above, installed, "package.json"));
        });
        if (target.to !== "package") continue;
        climb(lockBase(filePath(root, target.folder)), (above) => look(join(above, "package-lock.json")));
      }
    }
  }
  return { watched, absent: [...absent].sort(), links };
}

/** The folder that a package is installed for: the one that holds the outermost node_modules. */
export function lockBase(packageFolder: string): string {
  const index = packageFolder.search(/[/\\]node_modules[/\\]/);
  return index < 0 ? packageFolder : packageFolder.slice(0, index) || "/";
}

/** Calls `found` for a folder and those above it, until it says yes; whether it ever did. */
export function climb(from: string, found: (folder: string) => boolean): boolean {
  for (let folder = from; ; folder = dirname(folder)) {
    if (found(folder)) return true;
    if (dirname(folder) === folder) return false;
  }
}

function foldersOf(root: string, modules: Iterable<string>): ReadonlySet<string> {
  return new Set([...modules].map((path) => dirname(filePath(root, path))));
}

/** What is tried for a path before the file that it was found to mean; a specifier with its full name tries nothing. */
function triedBefore(asked: string, found: string): readonly string[] {
  if (asked === found || realPath(asked) === found) return [];
  const rewritten = { ".js": [".ts", ".tsx"], ".mjs": [".mts"], ".jsx": [".ts", ".tsx"], ".cjs": [".cts"] };
  const ending = extname(asked) as keyof typeof rewritten;
  const stem = asked.slice(0, asked.length - ending.length);
  const tried = [
    asked,
    ...importEndings.map((other) => asked + other),
    ...(rewritten[ending] ?? []).map((other) => stem + other),
    join(asked, "package.json"),
    ...importEndings.map((other) => join(asked, `index${other}`)),
  ];
  const index = tried.indexOf(found);
  return index < 0 ? tried : tried.slice(0, index);
}
