import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Failure } from "../../framework/definition/failure.ts";
import { err } from "../../framework/definition/result.ts";
import { newRunId } from "../../framework/lake/identifiers.ts";
import { openJournal, readEvents } from "../../framework/lake/journal.ts";
import { segmentObject } from "../../framework/lake/runs.ts";
import type { Store } from "../../framework/lake/storage/store.ts";
import { controlledStore, type Verdict } from "./controlled-store.ts";
import { emptyLake } from "./fixtures.ts";
import { bytes, keys, text, value } from "./store-contract.ts";

// Many small files, each synced to disk.
vi.setConfig({ testTimeout: 30_000 });

interface Event {
  readonly n: number;
}

const full: Failure = { reason: "disk-full", message: "no space is left" };
const run = newRunId();

function events(from: number, to: number): readonly Event[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({ n: from + index }));
}

async function stored(
  store: Store,
  from = 1,
): Promise<{ readonly events: readonly unknown[]; readonly nextSegment: number }> {
  return value(await readEvents(store, run, from));
}

describe("a journal", () => {
  it("writes what is appended, in order, and shows it only then", async () => {
    const store = await emptyLake();
    const shown: Event[] = [];
    const journal = openJournal<Event>(store, run, {
      onWritten: (written) => void shown.push(...written),
    });
    for (const event of events(1, 3)) journal.append(event);
    expect(shown).toEqual([]);
    value(await journal.flush());
    expect(shown).toEqual(events(1, 3));
    expect(await stored(store)).toEqual({ events: events(1, 3), nextSegment: 2 });
    for (const event of events(4, 5)) journal.append(event);
    value(await journal.close());
    expect(await stored(store)).toEqual({ events: events(1, 5), nextSegment: 3 });
    expect(await stored(store, 2)).toEqual({ events: events(4, 5), nextSegment: 3 });
    expect(shown).toEqual(events(1, 5));
  });

  it("shows each event after the store has answered", async () => {
    const inner = await emptyLake();
    const order: string[] = [];
    const store: Store = {
      ...controlledStore(inner, () => "go"),
      create: async (key, content) => {
        const done = await inner.create(key, content);
        order.push(`in the lake: ${key.slice(-11)}`);
        return done;
      },
    };
    const journal = openJournal<Event>(store, run, {
      onWritten: (w) => void order.push(`shown: ${w.length}`),
    });
    journal.append({ n: 1 });
    value(await journal.close());
    expect(order).toEqual(["in the lake: 00001.jsonl", "shown: 1"]);
  });

  it("numbers its segments, and says in each what it holds", async () => {
    const store = await emptyLake();
    const journal = openJournal<Event>(store, run, { onWritten: () => {} });
    for (const event of events(1, 2)) {
      journal.append(event);
      value(await journal.flush());
    }
    value(await journal.close());
    expect(await keys(store, "runs/")).toEqual([
      `runs/${run}/events-00001.jsonl`,
      `runs/${run}/events-00002.jsonl`,
    ]);
    expect(text(value(await store.get(segmentObject(run, 2))))).toBe(
      `{"formatVersion":1,"run":"${run}","segment":2,"events":1}\n{"n":2}\n`,
    );
  });

  it("writes nothing for nothing", async () => {
    const store = await emptyLake();
    const journal = openJournal<Event>(store, run, { onWritten: () => {} });
    value(await journal.flush());
    value(await journal.close());
    expect(await keys(store, "")).toEqual([]);
    expect(await stored(store)).toEqual({ events: [], nextSegment: 1 });
  });

  it("takes nothing more once closed", async () => {
    const journal = openJournal<Event>(await emptyLake(), run, { onWritten: () => {} });
    value(await journal.close());
    expect(() => journal.append({ n: 1 })).toThrow("Internal error");
  });

  it("waits in a flush for a write under way, and for what was appended during it", async () => {
    const inner = await emptyLake();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const store = controlledStore(inner, async ({ number, method }): Promise<Verdict> => {
      if (method === "create" && number === 1) await held;
      return "go";
    });
    const shown: Event[] = [];
    const journal = openJournal<Event>(store, run, { onWritten: (w) => void shown.push(...w) });
    journal.append({ n: 1 });
    const first = journal.flush();
    journal.append({ n: 2 });
    const second = journal.flush();
    release();
    value(await first);
    value(await second);
    expect(shown).toEqual(events(1, 2));
    expect(await keys(inner, "runs/")).toHaveLength(2);
    value(await journal.close());
  });

  it("takes a segment for written that was applied and answered as there already", async () => {
    const inner = await emptyLake();
    const store = controlledStore(inner, ({ method }) => (method === "create" ? "ambiguous" : "go"));
    const journal = openJournal<Event>(store, run, { onWritten: () => {} });
    journal.append({ n: 1 });
    value(await journal.close());
    expect((await stored(inner)).events).toEqual(events(1, 1));
  });

  it("keeps what could not be written, tells of it, and writes it when it can, applied before or not", async () => {
    for (const applied of [false, true]) {
      const inner = await emptyLake();
      let broken = true;
      const store: Store = {
        ...controlledStore(inner, () => "go"),
        create: async (key, content) => {
          if (!broken) return await inner.create(key, content);
          if (applied) await inner.create(key, content);
          return err(full);
        },
      };
      const shown: Event[] = [];
      const failures: Failure[] = [];
      const journal = openJournal<Event>(store, run, {
        onWritten: (w) => void shown.push(...w),
        onFailed: (failure) => void failures.push(failure),
      });
      journal.append({ n: 1 });
      expect(await journal.flush()).toEqual(err(full));
      expect([shown, failures]).toEqual([[], [full]]);
      broken = false;
      journal.append({ n: 2 });
      value(await journal.close());
      expect(shown).toEqual(events(1, 2));
      expect((await stored(inner)).events).toEqual(events(1, 2));
    }
  });
});

describe("the segments of a journal", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  /** Appends an event every 10 ms for so long, in a store that answers at once; gives how many segments were written. */
  async function segmentsAfter(ms: number): Promise<readonly number[]> {
    const times: number[] = [];
    const started = performance.now();
    const store: Store = {
      ...controlledStore(await emptyLake(), () => "go"),
      create: async () => {
        times.push(performance.now() - started);
        return { ok: true, value: "created" };
      },
    };
    const journal = openJournal<Event>(store, run, { onWritten: () => {} });
    for (let now = 0; now < ms; now += 10) {
      journal.append({ n: now });
      await vi.advanceTimersByTimeAsync(10);
    }
    await journal.close();
    return times;
  }

  it("begin at once, then follow every tenth of a second or so", async () => {
    const times = await segmentsAfter(1000);
    expect(times[0]).toBe(5);
    expect(times.length).toBeGreaterThanOrEqual(9);
    expect(times.length).toBeLessThanOrEqual(12);
  });

  it("grow with the run, so that they stay few", async () => {
    const times = await segmentsAfter(10 * 60 * 1000);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2010);
    expect(times.length).toBeLessThan(420);
  });
});

describe("reading events", () => {
  const head = `{"formatVersion":1,"run":"${run}","segment":1,"events":2}`;

  it.each([
    ["a line torn off", `${head}\n{"n":1}\n{"n"`, "lake-corrupt", "line 3 is torn off"],
    ["a last line whole but for its end", `${head}\n{"n":1}\n{"n":2}`, "lake-corrupt", "line 3 is torn off"],
    ["a corrupt line", `${head}\n{"n":\0}\n{"n":2}\n`, "lake-corrupt", "line 2 is not whole JSON"],
    ["an empty line", `${head}\n\n{"n":2}\n`, "lake-corrupt", "line 2 is not whole JSON"],
    ["a line missing", `${head}\n{"n":1}\n`, "lake-corrupt", "1 events are left of 2"],
    ["no head", `{"n":1}\n{"n":2}\n`, "lake-corrupt", "it carries no formatVersion"],
    ["nothing", "", "lake-corrupt", "are not whole JSON"],
    ["another format", `{"formatVersion":7}\n`, "format-unknown", "formatVersion 7"],
  ])("with %s is a failure that names the segment and the line", async (_, content, reason, what) => {
    const store = await emptyLake();
    value(await store.create(segmentObject(run, 1), bytes(content)));
    const read = await readEvents(store, run);
    const object = `runs/${run}/events-00001.jsonl`;
    expect(read).toMatchObject({
      ok: false,
      error: { reason, object, message: expect.stringContaining(what) },
    });
    expect(!read.ok && read.error.message).toContain(object);
  });

  it("reads very many segments in their order", async () => {
    const store = await emptyLake();
    const journal = openJournal<Event>(store, run, { onWritten: () => {} });
    for (const event of events(1, 40)) {
      journal.append(event);
      value(await journal.flush());
    }
    value(await journal.close());
    expect(await stored(store)).toEqual({ events: events(1, 40), nextSegment: 41 });
    expect(await stored(store, 40)).toEqual({ events: events(40, 40), nextSegment: 41 });
  });
});
