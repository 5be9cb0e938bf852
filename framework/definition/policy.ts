import type { Diagnostic } from "./diagnostic.ts";

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

/** How people say it. */
export interface PolicyOptions {
  readonly timeout?: Duration;
  readonly retry?: { readonly times: number; readonly wait?: Duration };
  readonly pool?: string;
}

const unit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration; undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * (unit[match[2] ?? ""] ?? Number.NaN);
}

/** The policy that options ask for; `fault` is told of what cannot be read. */
export function readPolicy(
  key: string,
  options: PolicyOptions,
  fault: (diagnostic: Omit<Diagnostic, "severity" | "position">) => void,
): Policy {
  const duration = (name: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const ms = parseDuration(text);
    if (ms === undefined) {
      fault({
        code: "policy-invalid",
        message: `${key}: ${name} "${text}" is not a length of time`,
        hint: 'write it like "30s", "5m" or "2h"',
      });
    }
    return ms;
  };
  const timeoutMs = duration("timeout", options.timeout);
  const waitMs = duration("retry.wait", options.retry?.wait) ?? 1000;
  if (options.retry && !(Number.isInteger(options.retry.times) && options.retry.times >= 0)) {
    fault({
      code: "policy-invalid",
      message: `${key}: retry.times ${options.retry.times} is not a whole number`,
      hint: "0 or more",
    });
  }
  return Object.freeze({
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(options.retry && { retry: { times: options.retry.times, waitMs } }),
    ...(options.pool !== undefined && { pool: options.pool }),
  });
}
