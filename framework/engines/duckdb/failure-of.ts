import type { Failure } from "../../definition/failure.ts";
import { failureIn } from "../../definition/stopped-failure.ts";
import { readEngineError } from "./engine-error.ts";

/** Carries a failure out of a place where a value cannot: an iteration, the depth of a call. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "FailureError";
    this.failure = failure;
  }
}

/** The failure for an error of DuckDB, or of the file system below it, while it did `what`. */
export function engineFailure(thrown: unknown, what: string): Failure {
  const carried = failureIn(thrown);
  if (carried) return carried;
  const { type, message } = readEngineError(thrown);
  // What DuckDB proposes then are settings of its own.
  const [told = ""] = message.split(/\n\s*Possible (?:solutions|fixes)/);
  const detail = told.trimEnd().split("\n");
  if (isDiskFull(thrown, message)) {
    return {
      reason: "disk-full",
      message: `The disk is full: DuckDB could not go on while it ${what}.`,
      hint: "free some space and run again; what was made is reused",
      detail,
    };
  }
  if (type === "Out of Memory") {
    return {
      reason: "engine-failed",
      engine: "duckdb",
      message: `DuckDB ran out of memory while it ${what}.`,
      hint: "run fewer steps at once (--concurrency), or make the statement hold less at a time",
      detail,
    };
  }
  return {
    reason: "engine-failed",
    engine: "duckdb",
    message: `DuckDB failed while it ${what}: ${detail[0] ?? ""}`,
    ...(detail.length > 1 && { detail }),
  };
}

// Spilling to a full disk is reported as a lack of memory, in other words.
function isDiskFull(thrown: unknown, message: string): boolean {
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : undefined;
  return (
    code === "ENOSPC" ||
    code === "EDQUOT" ||
    /no space left on device|disk quota exceeded|disk is full|max_temp_directory_size/i.test(message)
  );
}
