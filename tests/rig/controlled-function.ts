import type { Row } from "./run-rig.ts";

/** One call of a function asset's `run`, under way until the test ends it. */
export interface Call {
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  give(rows: readonly Row[]): void;
  fail(thrown: unknown): void;
}

type Run = (context: {
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
  // biome-ignore lint/suspicious/noExplicitAny: -- stands for the rows of whatever asset it is given to
}) => AsyncGenerator<any, void, void>;

/** The `run` of a function asset whose calls a test waits for and ends one by one. */
export interface ControlledFunction {
  readonly run: Run;
  /** The next call that no test has taken yet. */
  next(): Promise<Call>;
  /** How many calls there have been. */
  calls(): number;
}

export function controlledFunction(): ControlledFunction {
  const ready: Call[] = [];
  const takers: ((call: Call) => void)[] = [];
  let calls = 0;
  return {
    async *run({ signal, log }) {
      calls += 1;
      let give: (rows: readonly Row[]) => void = () => {};
      let fail: (thrown: unknown) => void = () => {};
      const rows = new Promise<readonly Row[]>((resolve, reject) => {
        give = resolve;
        fail = reject;
      });
      const call: Call = { signal, log, give, fail };
      const taker = takers.shift();
      if (taker) taker(call);
      else ready.push(call);
      yield* await rows;
    },
    next() {
      const call = ready.shift();
      return call ? Promise.resolve(call) : new Promise((resolve) => void takers.push(resolve));
    },
    calls: () => calls,
  };
}
