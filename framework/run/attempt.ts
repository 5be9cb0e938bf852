import { setMaxListeners } from "node:events";
import { type Failure, mayPassNextTime } from "../definition/failure.ts";
import type { Policy } from "../definition/policy.ts";
import { err, type Result } from "../definition/result.ts";
import { stoppedFailure } from "../definition/stopped-failure.ts";

/** How long interrupted work may take to clean up before it is abandoned. */
const graceMs = 2000;
const longestWaitMs = 60_000;
/** A timer takes no more: one for longer would be over at once. */
const longestTimerMs = 2 ** 31 - 1;

/** One try at a piece of work. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Aborted with a Failure as its reason: by cancellation, or when the time is over. */
  readonly signal: AbortSignal;
  /** Whether its outcome is settled. Work that goes on after that was abandoned, and nobody may hear of it any more. */
  isOver(): boolean;
}

export interface AttemptEvents {
  started(attempt: number): void;
  retried(attempt: number, waitMs: number, failure: Failure): void;
  /** Whether something new may still be started; always, unless told. */
  mayRetry?(): boolean;
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
  work: (attempt: Attempt) => Promise<Result<T, Failure>>,
  events: AttemptEvents,
): Promise<Result<T, Failure>> {
  const tries = 1 + (policy.retry?.times ?? 0);
  for (let number = 1; ; number++) {
    if (signal.aborted) return err(stoppedFailure(signal));
    events.started(number);
    const result = await once(policy.timeoutMs, signal, number, work);
    if (result.ok || signal.aborted || number >= tries || !mayPassNextTime(result.error)) return result;
    if (events.mayRetry?.() === false) return result;
    const waitMs = backOff(policy.retry?.waitMs ?? 1000, number);
    events.retried(number, waitMs, result.error);
    await pause(waitMs, signal);
  }
}

async function once<T>(
  timeoutMs: number | undefined,
  outer: AbortSignal,
  number: number,
  work: (attempt: Attempt) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const controller = new AbortController();
  const { signal } = controller;
  // All tables of a snapshot listen to the one they are read in.
  setMaxListeners(0, signal);
  let isOver = false;
  let grace: NodeJS.Timeout | undefined;
  const cancel = (): void => controller.abort(stoppedFailure(outer));
  outer.addEventListener("abort", cancel, { once: true });
  const timer =
    timeoutMs === undefined || timeoutMs > longestTimerMs
      ? undefined
      : setTimeout(() => controller.abort(timedOut(timeoutMs)), timeoutMs);
  const abandoned = new Promise<Result<T, Failure>>((resolve) => {
    // This timer must keep the process up: with work that never answers, nothing else may.
    const giveUp = (): void => {
      grace = setTimeout(() => resolve(err(stoppedFailure(signal))), graceMs);
    };
    signal.addEventListener("abort", giveUp, { once: true });
  });
  try {
    return await Promise.race([work({ number, signal, isOver: () => isOver }), abandoned]);
  } finally {
    isOver = true;
    clearTimeout(timer);
    clearTimeout(grace);
    outer.removeEventListener("abort", cancel);
  }
}

/** Waits, or until the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
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
