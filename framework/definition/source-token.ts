/**
 * What a source's table held at a moment, without its rows: equal tokens mean equal rows.
 *
 * A strong token speaks of the content (a checksum, a digest of a file); a weak one only of signs of it (a watermark, a
 * time stamp), and so only within the server it came from.
 */
export interface SourceToken {
  readonly strength: "strong" | "weak";
  readonly value: string;
  /** The server a weak token is of; empty for a strong one. */
  readonly scope: string;
  /** Whether the rows are made up (the built-in sample), so that they must never replace real ones. */
  readonly synthetic: boolean;
}
