import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The text of a page under docs/. */
export function readPage(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), "utf8");
}

/** The rows of the table that follows `<!-- tested: name -->` in a page. */
export function testedTable(page: string, name: string): readonly (readonly string[])[] {
  return testedRows(page, `<!-- tested: ${name} -->`);
}

/**
 * The rows of the table on the line after a mark, as the cells' text without backquotes around it. Fails where the mark
 * or the table is missing, so that a renamed mark cannot leave a page untested.
 */
export function testedRows(page: string, mark: string): readonly (readonly string[])[] {
  const start = page.indexOf(`${mark}\n`);
  if (start === -1) throw new Error(`the page has no mark ${mark}`);
  const lines = page.slice(start + mark.length + 1).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  // The first two are the titles and the line below them.
  const rows = lines.slice(2, end === -1 ? undefined : end).map(cellsOf);
  if (rows.length === 0) throw new Error(`there is no table after ${mark}`);
  return rows;
}

function cellsOf(line: string): readonly string[] {
  return line
    .replace(/^\||\|\s*$/g, "")
    .split("|")
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
}
