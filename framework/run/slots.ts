/** Where a piece of work stands among those that wait. */
export interface SlotRequest {
  /** The longer the way that still follows, the earlier it starts. */
  readonly priority: number;
  /** Decides between equals, so that the order never depends on chance. */
  readonly name: string;
  readonly pool: string | undefined;
}

interface Waiting extends SlotRequest {
  readonly start: (outcome: "started" | "stopped") => void;
}

/** Limits how much work runs at once: in all, and in each named pool. */
export interface Slots {
  /** Runs `work` when there is room; "stopped" where nothing new is started any more. */
  use<T>(request: SlotRequest, work: () => Promise<T>): Promise<T | "stopped">;
  /** Starts nothing from now on; what runs goes on. */
  stop(): void;
  isStopped(): boolean;
}

export function createSlots(concurrency: number, pools: Readonly<Record<string, number>>): Slots {
  const waiting: Waiting[] = [];
  const inPool = new Map<string, number>();
  let running = 0;
  let stopped = false;
  let scheduled = false;

  // Not by a plain look-up: a pool may have the name of something that every object has.
  const limits = new Map(Object.entries(pools));
  const hasRoom = (pool: string | undefined): boolean =>
    pool === undefined || (inPool.get(pool) ?? 0) < (limits.get(pool) ?? Number.POSITIVE_INFINITY);
  const count = (pool: string | undefined, by: 1 | -1): void => {
    running += by;
    if (pool !== undefined) inPool.set(pool, (inPool.get(pool) ?? 0) + by);
  };
  // Later in the turn, so that all work that became ready together is weighed together.
  const dispatchSoon = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      dispatch();
    });
  };
  const dispatch = (): void => {
    waiting.sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    for (let index = 0; index < waiting.length && (stopped || running < concurrency); ) {
      const next = waiting[index] as Waiting;
      if (!stopped && !hasRoom(next.pool)) {
        index++;
        continue;
      }
      waiting.splice(index, 1);
      if (!stopped) count(next.pool, 1);
      next.start(stopped ? "stopped" : "started");
    }
  };

  return {
    async use(request, work) {
      const outcome = await new Promise<"started" | "stopped">((start) => {
        waiting.push({ ...request, start });
        dispatchSoon();
      });
      if (outcome === "stopped") return "stopped";
      try {
        return await work();
      } finally {
        count(request.pool, -1);
        dispatchSoon();
      }
    },
    stop() {
      stopped = true;
      dispatchSoon();
    },
    isStopped: () => stopped,
  };
}
