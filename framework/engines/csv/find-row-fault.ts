import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import type { FieldRule } from "./field-rule.ts";
import { fieldText, type ParsedRecord, parseRecord } from "./parse-record.ts";

/** The first fault in a file. */
export interface RowFault {
  /** Counts the rows after the header from 1; 0 is the header itself. */
  readonly row: number;
  /** The line of the file on which the row begins, from 1. */
  readonly line: number;
  /** What is wrong, in words that continue "row 12 of orders.csv: ". */
  readonly fault: string;
  /** Counts the columns of the file from 1. */
  readonly column?: number;
  /** The value or the beginning of the row, as it stands in the file. */
  readonly excerpt?: string;
}

/** A column of the file: its name in the header, and its rule if its values are wanted. */
export interface FileColumn {
  readonly name: string;
  readonly rule?: FieldRule;
}

// As long as a row may be for DuckDB; beyond it a quote has been left open.
const longestRow = 2_000_000;
const readBytes = 1 << 20;

/**
 * Reads a file anew, row by row, up to its first fault. Only done when the engine has refused the file: it reads
 * faster, but it does not count records, and its words speak of its own options.
 */
export async function findRowFault(
  path: string,
  columns: readonly FileColumn[],
): Promise<RowFault | undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let row = 0;
  let line = 1;
  let newline: string | undefined;
  for await (const piece of createReadStream(path, { highWaterMark: readBytes })) {
    const bytes: Buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    for (;;) {
      const parsed = parseRecord(bytes, at);
      if (parsed.kind === "unfinished") break;
      if (parsed.kind === "record") newline ??= parsed.newline;
      const isBlank = parsed.kind === "record" && columns.length > 1 && isBlankLine(parsed);
      const fault = isBlank ? undefined : faultOf(bytes, at, parsed, columns, newline, row === 0);
      if (fault) return { row, line, ...fault };
      if (parsed.kind !== "record") break;
      line += lineBreaks(bytes, at, parsed.next);
      if (!isBlank) row += 1;
      at = parsed.next;
    }
    rest = bytes.subarray(at);
    if (rest.length > longestRow) return { row, line, ...tooLong(rest) };
  }
  if (rest.length === 0) return undefined;
  const parsed = parseRecord(rest, 0);
  const fault =
    parsed.kind === "unfinished" && parsed.quoted
      ? "it opens a quote that nothing closes"
      : "the file ends in the middle of it";
  return { row, line, fault, excerpt: excerptOf(rest.toString()) };
}

type Fault = Pick<RowFault, "fault" | "column" | "excerpt">;

function faultOf(
  bytes: Buffer,
  start: number,
  parsed: Exclude<ParsedRecord, { kind: "unfinished" }>,
  columns: readonly FileColumn[],
  newline: string | undefined,
  isHeader: boolean,
): Fault | undefined {
  if (parsed.kind === "text-after-quote") {
    const name = columns[parsed.column - 1]?.name ?? `column ${parsed.column}`;
    return {
      fault: `${name} has text after its closing quote`,
      column: parsed.column,
      excerpt: lineAt(bytes, start),
    };
  }
  const { fields } = parsed;
  if (!isUtf8(bytes.subarray(start, parsed.next))) {
    const index = fields.findIndex((field) => !isUtf8(bytes.subarray(field.start, field.end)));
    return { fault: `${columns[index]?.name ?? "it"} is not UTF-8 text`, column: index + 1 };
  }
  if (parsed.newline !== newline) {
    return { fault: "its line ends in another way than those before it (LF and CR LF are mixed)" };
  }
  if (isHeader) return undefined;
  if (fields.length !== columns.length) {
    const count = `${fields.length} ${fields.length === 1 ? "field" : "fields"}`;
    return {
      fault: `it has ${count}, and the header has ${columns.length}`,
      excerpt: lineAt(bytes, start),
    };
  }
  for (const [index, field] of fields.entries()) {
    const { name, rule } = columns[index] ?? {};
    if (!rule || (!field.quoted && field.start === field.end)) continue;
    const text = fieldText(bytes, field);
    if (!rule.accepts(text)) {
      return { fault: `${name} is not ${rule.expected}`, column: index + 1, excerpt: excerptOf(text) };
    }
  }
  return undefined;
}

function isBlankLine({ fields }: ParsedRecord & { kind: "record" }): boolean {
  const [only] = fields;
  return fields.length === 1 && only !== undefined && !only.quoted && only.start === only.end;
}

function tooLong(rest: Buffer): Fault {
  return {
    fault: `it is longer than ${longestRow.toLocaleString("en")} bytes: is there a quote that nothing closes?`,
    excerpt: excerptOf(rest.toString("utf8", 0, 200)),
  };
}

function lineBreaks(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a, start); at !== -1 && at < end; at = bytes.indexOf(0x0a, at + 1))
    count += 1;
  return count;
}

function lineAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0x0a, start);
  return excerptOf(bytes.toString("utf8", start, end === -1 ? bytes.length : end));
}

function excerptOf(text: string): string {
  const longest = 80;
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
