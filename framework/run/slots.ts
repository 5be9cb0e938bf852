/** Where a piece of work stands among those that wait. */
export interface SlotRequest {
  /** The longer the way that still follows, the earlier it starts. */
  readonly priority: number;
  /** Decides between equals, so that the order never depends on chance. */
  readonly name: string;
  readonly pool: string | undefined;
}

/** A place among those that wait, for work that will be ready at once. Nothing less urgent takes its room meanwhile. */
export interface Place {
  /** Runs `work` when there is room; "stopped" where nothing new is started any more. */
  use<T>(work: () => Promise<T>): Promise<T | "stopped">;
  /** Gives the place up, if it was not used. */
  leave(): void;
}

/** Limits how much work runs at once: in all, and in each named pool. */
export interface Slots {
  reserve(request: SlotRequest): Place;
  /** Starts nothing from now on; what runs goes on. */
  stop(): void;
  isStopped(): boolean;
}

interface Waiting extends SlotRequest {
  /** Undefined while the work is not ready. */
  start: ((outcome: "started" | "stopped") => void) | undefined;
}

export function createSlots(concurrency: number, pools: Readonly<Record<string, number>>): Slots {
  const waiting: Waiting[] = [];
  // Not by a plain look-up: a pool may have the name of something that every object has.
  const limits = new Map(Object.entries(pools));
  const inPool = new Map<string, number>();
  let running = 0;
  let stopped = false;
  let scheduled = false;

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
      if (stopped) turnAway();
      else dispatch();
    });
  };
  const dispatch = (): void => {
    waiting.sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const kept: Waiting[] = [];
    const hasRoom = ({ pool }: Waiting): boolean => {
      if (pool === undefined) return true;
      const keptInPool = kept.filter((place) => place.pool === pool).length;
      return (inPool.get(pool) ?? 0) + keptInPool < (limits.get(pool) ?? Number.POSITIVE_INFINITY);
    };
    for (const next of [...waiting]) {
      if (running + kept.length >= concurrency) return;
      if (!hasRoom(next)) continue;
      if (next.start === undefined) {
        kept.push(next);
        continue;
      }
      leave(next);
      count(next.pool, 1);
      next.start("started");
    }
  };
  const turnAway = (): void => {
    for (const next of waiting.filter(({ start }) => start !== undefined)) {
      leave(next);
      next.start?.("stopped");
    }
  };
  const leave = (place: Waiting): void => {
    const index = waiting.indexOf(place);
    if (index >= 0) waiting.splice(index, 1);
  };

  return {
    reserve(request) {
      const place: Waiting = { ...request, start: undefined };
      waiting.push(place);
      return {
        async use(work) {
          const outcome = await new Promise<"started" | "stopped">((start) => {
            place.start = start;
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
        leave() {
          if (place.start !== undefined) return;
          leave(place);
          dispatchSoon();
        },
      };
    },
    stop() {
      stopped = true;
      dispatchSoon();
    },
    isStopped: () => stopped,
  };
}
