import { isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A file as positions and records name it: relative to the project's folder, `/`-separated on every platform. */
export function projectPath(root: string, file: string): string {
  const path = relative(root, file.startsWith("file://") ? fileURLToPath(file) : file);
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

/** The file that a project path names. */
export function filePath(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path);
}

/** The installed package that a file belongs to; undefined for a file of the project itself. */
export function packageOf(
  root: string,
  file: string,
): { readonly name: string; readonly folder: string } | undefined {
  // A project may itself be installed below some node_modules: only what is below its own folder counts there.
  const inside = file.startsWith(root + sep);
  const path = (inside ? file.slice(root.length) : file).replaceAll(sep, "/");
  const match = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path);
  const [, folder, name] = match ?? [];
  if (folder === undefined || name === undefined) return undefined;
  return { name, folder: projectPath(root, inside ? join(root, folder) : folder) };
}

/** The name of the package that a bare specifier asks for: `@scope/name` of `@scope/name/sub/path`. */
export function packageName(specifier: string): string {
  const [first = "", second] = specifier.split("/");
  return first.startsWith("@") && second !== undefined ? `${first}/${second}` : first;
}
