import { pathToFileURL } from "node:url";
import type { Position } from "../definition/position.ts";
import { isFrameworkFile } from "./framework-files.ts";
import { filePath, packageOf } from "./project-path.ts";

/** The place in a project's own code that an error came from: its innermost frame outside packages and the framework. */
export function thrownPlace(
  root: string,
  bundle: string,
  source: (position: Position) => Position,
  thrown: unknown,
): Position | undefined {
  const stack = stackOf(thrown);
  const url = pathToFileURL(bundle).href;
  const places = placesIn(stack, url).map(source);
  return places.find((place) => isOfProject(root, place)) ?? linkPlace(stack, url, source);
}

function placesIn(stack: string, url: string): readonly Position[] {
  return stack.split("\n").flatMap((line) => {
    const at = line.indexOf(`${url}:`);
    const [, row, column] = at < 0 ? [] : (/^:(\d+):(\d+)/.exec(line.slice(at + url.length)) ?? []);
    return row === undefined ? [] : [{ file: url, line: Number(row), column: Number(column) }];
  });
}

// An import of a name that a package does not export is told by a line of the bundle alone, before the stack.
function linkPlace(
  stack: string,
  url: string,
  source: (position: Position) => Position,
): Position | undefined {
  const line = stack.startsWith(`${url}:`) ? /^:(\d+)\n/.exec(stack.slice(url.length))?.[1] : undefined;
  if (line === undefined) return undefined;
  const found = source({ file: url, line: Number(line), column: 1 });
  return found.file === url ? undefined : found;
}

function isOfProject(root: string, { file }: Position): boolean {
  if (file.startsWith("file://")) return false;
  return packageOf(root, filePath(root, file)) === undefined && !isFrameworkFile(root, file);
}

function stackOf(thrown: unknown): string {
  try {
    return thrown instanceof Error && typeof thrown.stack === "string" ? thrown.stack : "";
  } catch {
    return "";
  }
}
