import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Failure } from "../../framework/definition/failure.ts";
import type { Policy } from "../../framework/definition/policy.ts";
import { err, ok, type Result } from "../../framework/definition/result.ts";
import { type Attempt, attempt } from "../../framework/run/attempt.ts";

const lost: Failure = { reason: "source-unreachable", source: "shop", table: "orders", message: "lost" };
const wrong: Failure = { reason: "row-invalid", message: "wrong" };
const cancelled: Failure = { reason: "cancelled", message: "The work was cancelled." };

interface Tries {
  readonly told: string[];
  readonly attempts: Attempt[];
  readonly done: Promise<Result<string, Failure>>;
  readonly controller: AbortController;
}

/** Tries work, attempt by attempt as `work` says. */
function tries(
  policy: Policy,
  work: (attempt: Attempt) => Promise<Result<string, Failure>>,
  mayRetry?: () => boolean,
): Tries {
  const told: string[] = [];
  const attempts: Attempt[] = [];
  const controller = new AbortController();
  const done = attempt(
    policy,
    controller.signal,
    (own) => {
      attempts.push(own);
      return work(own);
    },
    {
      started: (number) => told.push(`started ${number}`),
      retried: (number, waitMs, failure) =>
        told.push(`retry after ${number} in ${waitMs}: ${failure.message}`),
      ...(mayRetry && { mayRetry }),
    },
  );
  return { told, attempts, done, controller };
}

/** Work that ends when the test says so, whatever its signal says. */
function heedless(): {
  readonly work: () => Promise<Result<string, Failure>>;
  end(result: Result<string, Failure>): void;
} {
  let end: (result: Result<string, Failure>) => void = () => {};
  const ended = new Promise<Result<string, Failure>>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end: (result) => end(result) };
}

/** Work that ends with its signal's failure once it is aborted. */
function heeding({ signal }: Attempt): Promise<Result<string, Failure>> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(err(signal.reason)));
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  // The jitter takes up to half of the wait away: with 1 it takes nothing.
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("an attempt", () => {
  it("that succeeds is the only one", async () => {
    const { told, done } = tries({ retry: { times: 3, waitMs: 1000 } }, async () => ok("made"));
    expect(await done).toEqual(ok("made"));
    expect(told).toEqual(["started 1"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that may pass next time is tried again, each time after twice the wait", async () => {
    const { told, done } = tries({ retry: { times: 3, waitMs: 1000 } }, async ({ number }) =>
      number < 4 ? err(lost) : ok("made"),
    );
    await vi.runAllTimersAsync();
    expect(await done).toEqual(ok("made"));
    expect(told).toEqual([
      "started 1",
      "retry after 1 in 1000: lost",
      "started 2",
      "retry after 2 in 2000: lost",
      "started 3",
      "retry after 3 in 4000: lost",
      "started 4",
    ]);
  });

  it("waits at least half of the time, and never more than a minute", async () => {
    vi.mocked(Math.random).mockReturnValue(0);
    const least = tries({ retry: { times: 1, waitMs: 1000 } }, async () => err(lost));
    await vi.runAllTimersAsync();
    expect(least.told).toContain("retry after 1 in 500: lost");
    vi.mocked(Math.random).mockReturnValue(1);
    const most = tries({ retry: { times: 1, waitMs: 3_600_000 } }, async () => err(lost));
    await vi.runAllTimersAsync();
    expect(most.told).toContain("retry after 1 in 60000: lost");
  });

  it("is the last one when the tries are used up, and its failure is the outcome", async () => {
    const { told, done } = tries({ retry: { times: 1, waitMs: 1 } }, async ({ number }) =>
      err({ ...lost, message: `lost ${number}` }),
    );
    await vi.runAllTimersAsync();
    expect(await done).toEqual(err({ ...lost, message: "lost 2" }));
    expect(told).toEqual(["started 1", "retry after 1 in 1: lost 1", "started 2"]);
  });

  it("is not repeated after a failure that cannot pass, nor without a policy, nor when nothing new may start", async () => {
    const retry = { times: 3, waitMs: 1 };
    const forGood = tries({ retry }, async () => err(wrong));
    const without = tries({}, async () => err(lost));
    const stopped = tries(
      { retry },
      async () => err(lost),
      () => false,
    );
    expect(await Promise.all([forGood.done, without.done, stopped.done])).toEqual([
      err(wrong),
      err(lost),
      err(lost),
    ]);
    for (const { told } of [forGood, without, stopped]) expect(told).toEqual(["started 1"]);
  });
});

describe("a timeout", () => {
  const timedOut: Failure = {
    reason: "timed-out",
    afterMs: 5000,
    message: "not done after 5 s",
    hint: "raise the asset's timeout, or make it do less",
  };

  it("interrupts the work, which says so itself", async () => {
    const { attempts, done } = tries({ timeoutMs: 5000 }, heeding);
    await vi.advanceTimersByTimeAsync(4999);
    expect(attempts[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await done).toEqual(err(timedOut));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("may pass next time: another attempt has all its time again", async () => {
    const { done, told } = tries({ timeoutMs: 5000, retry: { times: 1, waitMs: 10 } }, (own) =>
      own.number === 1 ? heeding(own) : new Promise((resolve) => setTimeout(() => resolve(ok("made")), 4900)),
    );
    await vi.advanceTimersByTimeAsync(5000 + 10 + 4900);
    expect(await done).toEqual(ok("made"));
    expect(told).toEqual(["started 1", "retry after 1 in 10: not done after 5 s", "started 2"]);
  });

  it("leaves work that does not heed it after a grace, and drops what it gives later", async () => {
    const { work, end } = heedless();
    const { attempts, done } = tries({ timeoutMs: 5000 }, work);
    await vi.advanceTimersByTimeAsync(6999);
    expect(attempts[0]?.isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await done).toEqual(err(timedOut));
    expect(attempts[0]?.isOver()).toBe(true);
    end(ok("too late"));
    expect(await done).toEqual(err(timedOut));
  });

  it("is not heard of when the work cleans up within the grace and is done after all", async () => {
    const { work, end } = heedless();
    const { done } = tries({ timeoutMs: 5000 }, work);
    await vi.advanceTimersByTimeAsync(6000);
    end(ok("made"));
    expect(await done).toEqual(ok("made"));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("longer than a timer can be is none", async () => {
    const { work, end } = heedless();
    const { attempts, done } = tries({ timeoutMs: 2 ** 31 }, work);
    await vi.advanceTimersByTimeAsync(10);
    expect(attempts[0]?.signal.aborted).toBe(false);
    end(ok("made"));
    expect(await done).toEqual(ok("made"));
  });
});

describe("cancelling", () => {
  it("interrupts the attempt that is under way, and there is no other", async () => {
    const { controller, done, told } = tries({ retry: { times: 3, waitMs: 1 } }, heeding);
    controller.abort();
    expect(await done).toEqual(err(cancelled));
    expect(told).toEqual(["started 1"]);
  });

  it("ends the wait for another try at once", async () => {
    const { controller, done, told } = tries({ retry: { times: 3, waitMs: 60_000 } }, async () => err(lost));
    await vi.advanceTimersByTimeAsync(10);
    expect(told).toEqual(["started 1", "retry after 1 in 60000: lost"]);
    controller.abort();
    expect(await done).toEqual(err(cancelled));
    expect(told).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives the failure that it was aborted with", async () => {
    const full: Failure = { reason: "disk-full", message: "no room for events" };
    const { controller, done } = tries({}, heeding);
    controller.abort(full);
    expect(await done).toEqual(err(full));
  });

  it("leaves heedless work after the grace, by a timer that keeps the process up until then", async () => {
    const { work } = heedless();
    const { controller, done } = tries({}, work);
    const timers = vi.spyOn(globalThis, "setTimeout");
    controller.abort();
    const grace = timers.mock.results[0]?.value as NodeJS.Timeout;
    expect(grace.hasRef()).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await done).toEqual(err(cancelled));
  });

  it("before the first attempt starts none", async () => {
    const controller = new AbortController();
    controller.abort();
    const started = vi.fn();
    const result = await attempt({}, controller.signal, async () => ok("made"), {
      started,
      retried: started,
    });
    expect(result).toEqual(err(cancelled));
    expect(started).not.toHaveBeenCalled();
  });
});
