import { throwIfStopped } from "./interruptible.ts";

/**
 * Consumes an iteration until its end or until the signal is aborted, whichever comes first. What has been stopped is
 * told to return but not waited for, since it may never answer; the consumer must look at `isStopped` after each wait
 * and then touch nothing any more.
 */
export async function untilStopped<T>(
  values: AsyncIterable<T>,
  signal: AbortSignal,
  consume: (values: AsyncIterator<T>, isStopped: () => boolean) => Promise<void>,
): Promise<void> {
  throwIfStopped(signal);
  const iterator = values[Symbol.asyncIterator]();
  let stopped = false;
  const leave = (): void => {
    stopped = true;
    // A generator in the middle of a wait returns only after it, and may throw then: nobody listens any more.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  };
  let onAbort = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
  });
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const consumed = consume(iterator, () => stopped);
    consumed.catch(() => undefined);
    await Promise.race([consumed, aborted]);
    throwIfStopped(signal);
  } catch (thrown) {
    leave();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
