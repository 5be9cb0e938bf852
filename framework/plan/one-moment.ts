import type { AssetKey } from "../definition/asset-key.ts";
import type { Check } from "../definition/check.ts";
import type { RunId } from "../lake/records.ts";
import { type PlanRequest, sourceOf } from "./plan-request.ts";

/** One side of a foreign key: what is known of when its rows are from. */
export interface KeySide {
  /** The source it is a copy of; null where it is none. */
  readonly source: string | null;
  /** The moments of that source that its rows are known to be of. */
  readonly moments: readonly string[];
  /** The run that made it. */
  readonly run: RunId;
  /** Whether this run brings it up to date. */
  readonly isSelected: boolean;
}

/**
 * Whether a foreign key between two assets may block. Between rows of two moments it can fail though the source is sound,
 * so that it only warns.
 *
 * Copies of one source are of one moment if one snapshot held the rows of both. Of other assets no snapshot tells; they
 * belong together if one run brings both up to date, or has made both.
 */
export function isOneMoment(a: KeySide, b: KeySide): boolean {
  if (a.source !== null && a.source === b.source)
    return a.moments.some((moment) => b.moments.includes(moment));
  return (a.isSelected && b.isSelected) || a.run === b.run;
}

/** Whether a check blocks in this run, if its rows and those that it refers to stay what they are. */
export function isBlocking(request: PlanRequest, from: AssetKey, check: Check): boolean {
  if (check.severity === "warning") return false;
  if (check.kind !== "foreign-key" || check.references.asset === from) return true;
  const sideOf = (key: AssetKey): KeySide | undefined => {
    const entry = request.environment?.assets[key];
    if (entry === undefined) return undefined;
    // The run will look at the source if the check is due, and a strong token then proves the moment.
    const now = request.tokens.get(key)?.strength === "strong" ? ["now"] : [];
    const moments = entry.snapshot === null ? now : [entry.snapshot, ...now];
    return {
      source: sourceOf(request.graph, key),
      moments,
      run: entry.run,
      isSelected: request.selected.includes(key),
    };
  };
  const [a, b] = [sideOf(from), sideOf(check.references.asset)];
  return a === undefined || b === undefined || isOneMoment(a, b);
}
