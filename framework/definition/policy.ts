/** A length of time as people write it: "500ms", "30s", "5m", "2h". */
export type Duration = `${number}${"ms" | "s" | "m" | "h"}`;

/** How an asset is made, apart from what it is: never hashed. */
export interface Policy {
  /** After this long the step fails and its work is interrupted. */
  readonly timeoutMs?: number;
  /** How often to try again after a failure that may pass; the first wait doubles each time, with jitter. */
  readonly retry?: { readonly times: number; readonly waitMs: number };
  /** The named pool that limits how many such steps run at once. */
  readonly pool?: string;
}

const unit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration; undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * (unit[match[2] ?? ""] ?? Number.NaN);
}
