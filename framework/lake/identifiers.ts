import { decodeTime, encodeTime, monotonicFactory } from "ulid";
import type { RunId, VersionId } from "./records.ts";

// Monotonic: two identifiers of one process are in the order they were made in, even within a millisecond.
const next = monotonicFactory();
const shape = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** A version id that was never used before, greater than all that this process made before it. */
export function newVersionId(): VersionId {
  return next().toLowerCase();
}

/** A run id that was never used before, greater than all that this process made before it. */
export function newRunId(): RunId {
  return next().toLowerCase();
}

/** Whether a text has the form of a run id. */
export function isRunId(text: string): text is RunId {
  return shape.test(text);
}

/** When a run id was made: milliseconds since 1970, by the clock of the machine that made it. */
export function timeOfRun(run: RunId): number {
  return decodeTime(run.toUpperCase());
}

/** A text that sorts before every identifier made at `ms` (milliseconds since 1970) or later, and after all made earlier. */
export function earliestIdentifier(ms: number): string {
  return encodeTime(Math.max(0, Math.floor(ms)), 10).toLowerCase();
}
