import type { Place } from "./selection.ts";
import { printable } from "./shown-text.ts";

// With the place after the carets and a margin before them, a line stays within 80 columns.
const widest = 56;

/** The line of a text that a place is in, and a line of carets under it; a long line is cut around the place. */
export function showPlace(text: string, place: Place): readonly [line: string, carets: string] {
  const start = lineStart(text, place.offset);
  const end = text.indexOf("\n", place.offset);
  const line = [...text.slice(start, end === -1 ? undefined : end)].map(printable);
  const before = [...text.slice(start, place.offset)].length;
  const marked = Math.max(1, [...text.slice(place.offset, place.offset + place.length)].length);

  const from = before + marked <= widest ? 0 : Math.max(0, before - widest / 4);
  const shown = line.slice(from, from + widest);
  const cutBefore = from > 0 ? "…" : "";
  const cutAfter = from + shown.length < line.length ? "…" : "";
  const indent = " ".repeat(cutBefore.length + before - from);
  const carets = "^".repeat(Math.min(marked, Math.max(1, shown.length - (before - from))));
  return [`${cutBefore}${shown.join("")}${cutAfter}`, indent + carets];
}

/** Line and column of a place, both from 1, as `2:14`. */
export function lineAndColumn(text: string, offset: number): string {
  const line = text.slice(0, offset).split("\n").length;
  return `${line}:${[...text.slice(lineStart(text, offset), offset)].length + 1}`;
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}
