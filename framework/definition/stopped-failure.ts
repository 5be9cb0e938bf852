import type { Failure } from "./failure.ts";

/** What became of work that its signal stopped: the failure given as the signal's reason, or "cancelled". */
export function stoppedFailure(signal: AbortSignal): Failure {
  return (
    failureIn(signal.reason) ?? {
      reason: "cancelled",
      message: "The work was cancelled.",
    }
  );
}

/** The failure that a thrown or given value is, or carries under the name `failure`. */
export function failureIn(value: unknown): Failure | undefined {
  if (isFailure(value)) return value;
  if (typeof value !== "object" || value === null || !("failure" in value)) return undefined;
  return isFailure(value.failure) ? value.failure : undefined;
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === "object" &&
    value !== null &&
    "reason" in value &&
    typeof value.reason === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}
