/**
 * Gives a function that runs pieces of work, at most `most` of them at once, in the order they were asked for.
 *
 * Thousands of reads may be asked for in one go; each holds an open file, and a process may have few of those.
 */
export function limitConcurrency(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < most) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The place is handed on, so that nobody who asks just now can slip in between.
      const first = waiting.shift();
      if (first) first();
      else running--;
    }
  };
}
