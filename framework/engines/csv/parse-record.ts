/** A field of a record: where its text is among the bytes, between its quotes if it has any. */
export interface Field {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

export type ParsedRecord =
  | {
      readonly kind: "record";
      readonly fields: readonly Field[];
      readonly newline: "\n" | "\r\n";
      /** Where the next record begins. */
      readonly next: number;
    }
  /** The bytes end before the record does, inside quotes or outside. */
  | { readonly kind: "unfinished"; readonly quoted: boolean }
  /** There is text between a closing quote and the next comma or line break. */
  | { readonly kind: "text-after-quote"; readonly column: number };

const comma = 0x2c;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Reads one record of CSV (RFC 4180) from the bytes. */
export function parseRecord(bytes: Buffer, start: number): ParsedRecord {
  const fields: Field[] = [];
  let at = start;
  for (;;) {
    let field: Field;
    if (bytes[at] === quote) {
      const close = closingQuote(bytes, at + 1);
      if (close === -1) return { kind: "unfinished", quoted: true };
      field = { start: at + 1, end: close, quoted: true };
      at = close + 1;
    } else {
      const begin = at;
      while (at < bytes.length && bytes[at] !== comma && bytes[at] !== lineFeed) at += 1;
      const isBeforeBreak = bytes[at] === lineFeed && at > begin && bytes[at - 1] === carriageReturn;
      field = { start: begin, end: isBeforeBreak ? at - 1 : at, quoted: false };
      if (isBeforeBreak) at -= 1;
    }
    fields.push(field);
    if (at >= bytes.length) return { kind: "unfinished", quoted: false };
    if (bytes[at] === comma) {
      at += 1;
      continue;
    }
    if (bytes[at] === lineFeed) return { kind: "record", fields, newline: "\n", next: at + 1 };
    if (bytes[at] === carriageReturn) {
      if (at + 1 >= bytes.length) return { kind: "unfinished", quoted: false };
      if (bytes[at + 1] === lineFeed) return { kind: "record", fields, newline: "\r\n", next: at + 2 };
    }
    return { kind: "text-after-quote", column: fields.length };
  }
}

/** The text of a field; a doubled quote inside quotes is one. */
export function fieldText(bytes: Buffer, field: Field): string {
  const text = bytes.toString("utf8", field.start, field.end);
  return field.quoted ? text.replaceAll('""', '"') : text;
}

// A quote at the very end may be half of a doubled one whose other half is still to come.
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(quote, from); at !== -1; at = bytes.indexOf(quote, at + 2)) {
    if (at + 1 >= bytes.length) return -1;
    if (bytes[at + 1] !== quote) return at;
  }
  return -1;
}
