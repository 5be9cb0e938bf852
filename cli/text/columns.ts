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
  const widths = formats.map((_, index) => Math.max(0, ...all.map((row) => stringWidth(row[index] ?? ""))));
  return all.map((row) =>
    formats
      .map(({ align }, index) => {
        const cell = row[index] ?? "";
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - stringWidth(cell)));
        if (align === "right") return padding + cell;
        return index === formats.length - 1 ? cell : cell + padding;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A text cut to a width, with an ellipsis where it was longer. */
export function shorten(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let cut = "";
  for (const character of text) {
    if (stringWidth(cut + character) > width - 1) break;
    cut += character;
  }
  return `${cut}…`;
}
