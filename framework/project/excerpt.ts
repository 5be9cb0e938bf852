import { readFileSync } from "node:fs";
import stringWidth from "string-width";
import type { Position } from "../definition/position.ts";
import { filePath } from "./project-path.ts";

const widest = 100;
const indent = 4;

/**
 * The line of a source file that a position names and a line of carets below it, `length` characters long (the name that
 * stands there, unless told). Empty where the file or the line is not there any more.
 *
 * @example
 * excerpt(root, { file: "assets/revenue.ts", line: 9, column: 8 })
 * // ["   9 |     on o.order_idd = p.order_id", "     |        ^^^^^^^^^"]
 */
export function excerpt(root: string, position: Position, length?: number): readonly string[] {
  const line = lineOf(filePath(root, position.file), position.line);
  if (line === undefined) return [];
  const at = Math.min(Math.max(position.column - 1, 0), line.length);
  const marked = length ?? /^[\w$]+/.exec(line.slice(at))?.[0].length ?? 1;
  // A long line is shown around the place.
  const from = at > widest - 20 ? at - 40 : 0;
  const shown = `${from > 0 ? "…" : ""}${line.slice(from, from + widest)}${line.length > from + widest ? "…" : ""}`;
  const before = `${from > 0 ? "…" : ""}${line.slice(from, at)}`;
  const under = line.slice(at, Math.min(at + marked, from + widest));
  const number = String(position.line).padStart(indent);
  // Tabs stay tabs, so that the carets stand below the place however wide a terminal makes them.
  const gap = before.replace(/[^\t]+/g, (text) => " ".repeat(stringWidth(text)));
  return [
    `${number} | ${shown}`,
    `${" ".repeat(number.length)} | ${gap}${"^".repeat(Math.max(1, stringWidth(under)))}`,
  ];
}

function lineOf(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}
