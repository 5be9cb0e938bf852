import type { DuckDBConnection } from "@duckdb/node-api";
import { stoppedFailure } from "../../definition/stopped-failure.ts";
import { FailureError } from "./failure-of.ts";

const againMs = 20;

/**
 * Runs work on a connection and interrupts it for real when the signal is aborted. Rejects then with the signal's
 * failure, else as the work does.
 */
export async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  throwIfStopped(signal);
  let again: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    // An interrupt that comes before the statement has begun is forgotten by DuckDB.
    again = setInterval(() => connection.interrupt(), againMs);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    const result = await work();
    throwIfStopped(signal);
    return result;
  } catch (thrown) {
    throwIfStopped(signal);
    throw thrown;
  } finally {
    signal.removeEventListener("abort", interrupt);
    clearInterval(again);
  }
}

/** Throws the failure of a signal that is aborted. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new FailureError(stoppedFailure(signal));
}
