const longestQuote = 60;

/** What was typed, in quotes, fit for a sentence: cut where it is long, and without what a terminal would act on. */
export function quoted(text: string): string {
  const characters = [...text.slice(0, 2 * longestQuote)];
  const isCut = characters.length > longestQuote || text.length > 2 * longestQuote;
  const shown = characters.slice(0, longestQuote).map(printable).join("");
  return `"${shown}${isCut ? "…" : ""}"`;
}

/** A character, or a space in place of one that a terminal would act on or that would not be seen. */
export function printable(character: string): string {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(character) ? " " : character;
}
