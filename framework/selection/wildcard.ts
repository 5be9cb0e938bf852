/** Whether a text holds a wildcard. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes("*");
}

type Piece = { readonly type: "character"; readonly character: string } | { readonly type: Wild };
/** within: any characters but `/`. across: any characters. segments: none or more whole segments, each with its `/`. */
type Wild = "within" | "across" | "segments";

/**
 * Says whether texts match a pattern: `*` stands for any characters but `/`, `**` for any, and a segment `**` (as in
 * `**` + `/orders`) also for no segment at all.
 *
 * Follows all ways to match at once, so that no pattern takes more than its length times the text's: a regular
 * expression of a dozen stars can take for ever.
 */
export function wildcardMatcher(pattern: string): (text: string) => boolean {
  if (!hasWildcard(pattern)) return (text) => text === pattern;
  const pieces = piecesOf(pattern);
  const shortest = pieces.filter((piece) => piece.type === "character").length;
  return (text) => text.length >= shortest && matches(pieces, text);
}

function piecesOf(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let index = 0; index < pattern.length; ) {
    const start = index;
    while (pattern.charAt(index) === "*") index++;
    const stars = index - start;
    if (stars === 0) {
      pieces.push({ type: "character", character: pattern.charAt(index++) });
    } else if (stars === 1) {
      pieces.push({ type: "within" });
    } else if ((start === 0 || pattern.charAt(start - 1) === "/") && pattern.charAt(index) === "/") {
      // "**/**/" says no more than "**/".
      if (pieces.at(-1)?.type !== "segments") pieces.push({ type: "segments" });
      index++;
    } else {
      pieces.push({ type: "across" });
    }
  }
  return pieces;
}

function matches(pieces: readonly Piece[], text: string): boolean {
  // reached[i]: the pieces so far can match the first i characters.
  let reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (const piece of pieces) {
    const next = new Uint8Array(text.length + 1);
    let any = 0;
    let before = 0;
    for (let end = 0; end <= text.length; end++) {
      const last = end === 0 ? "" : text.charAt(end - 1);
      const here = reached[end] ?? 0;
      let matched = 0;
      switch (piece.type) {
        case "character":
          matched = last === piece.character ? (reached[end - 1] ?? 0) : 0;
          break;
        case "within":
          matched = here || (last === "/" ? 0 : (next[end - 1] ?? 0));
          break;
        case "across":
          matched = here || (next[end - 1] ?? 0);
          break;
        case "segments":
          matched = here || (last === "/" ? before : 0);
          break;
      }
      next[end] = matched;
      any ||= matched;
      before ||= here;
    }
    if (any === 0) return false;
    reached = next;
  }
  return reached[text.length] === 1;
}
