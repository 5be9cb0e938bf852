import stringWidth from "string-width";

/** One column of a table. Figures are right-aligned. */
export interface ColumnFormat {
  readonly title?: string;
  readonly align?: "left" | "right";
}

/**
 * Lays rows out in columns with two spaces between them; the last column is not padded. Wide characters count as the
 * terminal shows them. A title line comes first where any column has a title.
 */
export function layColumns(
  formats: readonly ColumnFormat[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const titled = formats.some(({ title }) => title !== undefined);
  const all = titled ? [formats.map(({ title }) => title ?? ""), ...rows] : rows;
  const widths = formats.map((_, index) =>
    all.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? "")), 0),
  );
  return all.map((row) =>
    formats
      .map(({ align }, index) => {
        const cell = row[index] ?? "";
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
        if (align === "right") return padding + cell;
        return index === formats.length - 1 ? cell : cell + padding;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A text cut to a width, with an ellipsis where it was longer. */
export function shorten(text: string, width: number): string {
  if (isNarrow.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  let taken = 0;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    taken += widthOf(segment);
    if (taken > width) return `${text.slice(0, end)}…`;
    // The ellipsis needs a place of its own, so that the last character that fits may still have to go.
    if (taken <= width - 1) end = index + segment.length;
  }
  return text;
}

const graphemes = new Intl.Segmenter();

// Measuring takes its time, and most of what is shown is plain.
const isNarrow = /^[\x20-\x7e]*$/;

function widthOf(text: string): number {
  return isNarrow.test(text) ? text.length : stringWidth(text);
}
