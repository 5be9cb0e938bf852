import { setTimeout as wait } from "node:timers/promises";
import { type Failure, mayPassNextTime } from "../definition/failure.ts";
import type { Policy } from "../definition/policy.ts";
import { err, type Result } from "../definition/result.ts";
import { stoppedFailure } from "../definition/stopped-failure.ts";

/** How long interrupted work may take to clean up before it is abandoned. */
const graceMs = 2000;
const longestWaitMs = 60_000;

export interface AttemptEvents {
  started(attempt: number): void;
  retried(attempt: number, waitMs: number, failure: Failure): void;
}

/**
 * Tries work until it succeeds, fails for good, is out of tries, or is cancelled. Each attempt has its own signal, which
 * is aborted with a Failure as its reason: by `signal` (cancelled) or when the attempt's time is over.
 *
 * Work that does not heed its signal is abandoned after a grace: its result, should it ever come, is dropped. So `work`
 * must leave nothing behind that a later attempt could meet; committing what it made is for whoever gets the result.
 */
export async function attempt<T>(
  policy: Policy,
  signal: AbortSignal,
  work: (signal: AbortSignal, attempt: number) => Promise<Result<T, Failure>>,
  events: AttemptEvents,
): Promise<Result<T, Failure>> {
  const tries = 1 + (policy.retry?.times ?? 0);
  for (let number = 1; ; number++) {
    if (signal.aborted) return err(stoppedFailure(signal));
    events.started(number);
    const result = await once(policy.timeoutMs, signal, (own) => work(own, number));
    if (result.ok || signal.aborted || number >= tries || !mayPassNextTime(result.error)) return result;
    const waitMs = backOff(policy.retry?.waitMs ?? 1000, number);
    events.retried(number, waitMs, result.error);
    await wait(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

async function once<T>(
  timeoutMs: number | undefined,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(stoppedFailure(outer));
  outer.addEventListener("abort", cancel, { once: true });
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(timedOut(timeoutMs)), timeoutMs);
  try {
    return await Promise.race([work(controller.signal), abandoned<T>(controller.signal)]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener("abort", cancel);
  }
}

function abandoned<T>(signal: AbortSignal): Promise<Result<T, Failure>> {
  return new Promise((resolve) => {
    signal.addEventListener(
      "abort",
      () => {
        setTimeout(() => resolve(err(stoppedFailure(signal))), graceMs).unref();
      },
      { once: true },
    );
  });
}

function timedOut(afterMs: number): Failure {
  return {
    reason: "timed-out",
    afterMs,
    message: `not done after ${afterMs / 1000} s`,
    hint: "raise the asset's timeout, or make it do less",
  };
}

function backOff(waitMs: number, attemptNumber: number): number {
  const full = Math.min(longestWaitMs, waitMs * 2 ** (attemptNumber - 1));
  return Math.round(full * (0.5 + Math.random() / 2));
}
