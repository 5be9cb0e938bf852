import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSlots, type SlotRequest, type Slots } from "../../framework/run/slots.ts";

/** Work that is under way from its start until the test ends it. */
interface Work {
  readonly name: string;
  readonly outcome: Promise<string>;
  end(): void;
}

function watchedSlots(slots: Slots): {
  readonly started: string[];
  readonly running: Set<string>;
  use(request: SlotRequest): Work;
} {
  const started: string[] = [];
  const running = new Set<string>();
  return {
    started,
    running,
    use(request) {
      const { name } = request;
      let end = (): void => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const outcome = slots.reserve(request).use(async () => {
        started.push(name);
        running.add(name);
        await ended;
        running.delete(name);
        return `${name} done`;
      });
      return { name, outcome, end };
    },
  };
}

function request(name: string, priority = 0, pool?: string): SlotRequest {
  return { name, priority, pool };
}

/** All that can happen without the test ending something has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}

const requests = [
  request("c", 5),
  request("a", 5),
  request("b", 9),
  request("d", 1),
  request("e", 9),
  request("f", 1),
];

describe("slots", () => {
  it.each(Array.from({ length: 20 }, (_, seed) => [seed + 1]))(
    "start what has the longest way still to go, then by name, whatever came first (shuffle %i)",
    async (seed) => {
      const [shuffled = []] = fc.sample(fc.shuffledSubarray(requests, { minLength: requests.length }), {
        seed,
        numRuns: 1,
      });
      const watched = watchedSlots(createSlots(2, {}));
      const works = new Map(shuffled.map((of) => [of.name, watched.use(of)]));
      await settled();
      expect(watched.started).toEqual(["b", "e"]);
      const order = ["b", "e", "a", "c", "d", "f"];
      for (const [index, name] of order.entries()) {
        works.get(name)?.end();
        await settled();
        expect(watched.started).toEqual(order.slice(0, index + 3));
      }
      expect(await Promise.all([...works.values()].map(({ outcome }) => outcome))).toEqual(
        shuffled.map(({ name }) => `${name} done`),
      );
    },
  );

  it("weigh what comes later against what waits, not against what runs", async () => {
    const watched = watchedSlots(createSlots(1, {}));
    const low = watched.use(request("low", 1));
    await settled();
    watched.use(request("middle", 5));
    watched.use(request("high", 9));
    await settled();
    expect(watched.started).toEqual(["low"]);
    low.end();
    await settled();
    expect(watched.started).toEqual(["low", "high"]);
  });

  it("hold back what has no room in its pool, and let others pass it", async () => {
    const watched = watchedSlots(createSlots(3, { api: 1 }));
    const first = watched.use(request("api 1", 9, "api"));
    watched.use(request("api 2", 8, "api"));
    watched.use(request("other", 1));
    watched.use(request("unlimited", 1, "cpu"));
    await settled();
    expect(watched.started).toEqual(["api 1", "other", "unlimited"]);
    first.end();
    await settled();
    expect(watched.started).toEqual(["api 1", "other", "unlimited", "api 2"]);
  });

  it("keep room for what will be ready at once, and give it back if that needs none", async () => {
    const slots = createSlots(2, { api: 1 });
    const watched = watchedSlots(slots);
    const urgent = slots.reserve(request("urgent", 9));
    const urgentCall = slots.reserve(request("urgent call", 8, "api"));
    watched.use(request("call", 2, "api"));
    watched.use(request("low", 1));
    await settled();
    expect(watched.started).toEqual([]);
    urgentCall.leave();
    await settled();
    expect(watched.started).toEqual(["call"]);
    urgent.leave();
    urgent.leave();
    await settled();
    expect(watched.started).toEqual(["call", "low"]);
    const later = slots.reserve(request("later", 9));
    const running = later.use(async () => "done");
    later.leave();
    slots.stop();
    expect(await running).toBe("stopped");
  });

  it("take the name of a pool for nothing else", async () => {
    const watched = watchedSlots(createSlots(3, {}));
    for (const pool of ["constructor", "toString", "__proto__"]) watched.use(request(pool, 0, pool));
    await settled();
    expect([...watched.running].sort()).toEqual(["__proto__", "constructor", "toString"]);
  });

  it("are free again after work that throws", async () => {
    const slots = createSlots(1, { api: 1 });
    const thrown = slots.reserve(request("bad", 9, "api")).use(async () => {
      throw new Error("no luck");
    });
    const next = slots.reserve(request("good", 1, "api")).use(async () => "done");
    await expect(thrown).rejects.toThrow("no luck");
    expect(await next).toBe("done");
  });

  it("start nothing once they are stopped, and let go on what runs", async () => {
    const slots = createSlots(1, { api: 0 });
    const watched = watchedSlots(slots);
    const running = watched.use(request("running"));
    const waiting = watched.use(request("waiting"));
    const withoutRoom = watched.use(request("without room", 0, "api"));
    await settled();
    slots.stop();
    const later = watched.use(request("later"));
    expect(await Promise.all([waiting.outcome, withoutRoom.outcome, later.outcome])).toEqual([
      "stopped",
      "stopped",
      "stopped",
    ]);
    running.end();
    expect(await running.outcome).toBe("running done");
    expect(watched.started).toEqual(["running"]);
  });

  it("never run more at once than they may, in all and in each pool, and run everything in the end", async () => {
    const pool = fc.constantFrom(undefined, "a", "b");
    const wanted = fc.array(fc.record({ priority: fc.integer({ min: 0, max: 3 }), pool }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        wanted,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.nat()),
        async (all, concurrency, limit, choices) => {
          const slots = createSlots(concurrency, { a: limit });
          const watched = watchedSlots(slots);
          const poolOf = new Map(all.map((of, index) => [`${index}`, of.pool]));
          const works = all.map((of, index) => watched.use({ ...of, name: `${index}` }));
          for (let left = all.length; left > 0; left--) {
            await settled();
            const running = [...watched.running];
            expect(running.length).toBeLessThanOrEqual(concurrency);
            const inPool = running.filter((name) => poolOf.get(name) === "a");
            expect(inPool.length).toBeLessThanOrEqual(limit);
            const waiting = all.length - watched.started.length;
            const held = [...poolOf].filter(([name, of]) => of === "a" && !watched.started.includes(name));
            // Room is only left where nothing waits that may use it.
            if (running.length < concurrency) expect(waiting).toBe(inPool.length === limit ? held.length : 0);
            const chosen = running[(choices.next().value ?? 0) % running.length];
            works[Number(chosen)]?.end();
          }
          expect(await Promise.all(works.map(({ outcome }) => outcome))).toEqual(
            all.map((_, index) => `${index} done`),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
