import { watch } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { integer } from "../../../framework/definition/column.ts";
import type { RowSource } from "../../../framework/definition/compute-port.ts";
import { tableSchema } from "../../../framework/definition/schema.ts";
import { type EngineRig, errorOf, openRig, queryFrom, type Row } from "../engine-rig.ts";

// Would run for hours.
const endless =
  "select count(*)::int as n from range(1000000000) a, range(1000000) b where (a.range * b.range) % 7 = 3";
const schema = tableSchema({ n: integer() });

let rig: EngineRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(async () => {
  expect((await rig.names()).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  await rig.close();
});

/** A signal to be aborted in the next turn of the event loop, wherever the work has come by then. */
function aborted(): { signal: AbortSignal; abortSoon(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abortSoon: () => setImmediate(() => controller.abort()) };
}

/** A signal that is aborted when DuckDB has opened the file it writes to, which it does when it begins to execute. */
function abortedWhenRunning(reason?: unknown): AbortSignal {
  const controller = new AbortController();
  const watcher = watch(rig.folder, (_event, name) => {
    if (!name?.endsWith(".tmp")) return;
    watcher.close();
    controller.abort(reason);
  });
  return controller.signal;
}

describe("a write that is stopped", () => {
  test("interrupts a query that would run for hours", async () => {
    const written = rig.write(queryFrom(endless), schema, { signal: abortedWhenRunning() });
    expect(errorOf(await written)).toEqual({ reason: "cancelled", message: "The work was cancelled." });
  });

  test("fails for the reason that the signal gives", async () => {
    const late = { reason: "timed-out", afterMs: 50, message: "It took longer than 50 ms." } as const;
    const written = rig.write(queryFrom(endless), schema, { signal: abortedWhenRunning(late) });
    expect(errorOf(await written)).toEqual(late);
  });

  test("at any moment stops, also between asking DuckDB and its beginning", async () => {
    for (let turns = 0; turns < 12; turns++) {
      const controller = new AbortController();
      const abortAfter = (left: number): void => {
        if (left === 0) controller.abort();
        else setImmediate(abortAfter, left - 1);
      };
      const written = rig.write(queryFrom(endless), schema, { signal: controller.signal });
      abortAfter(turns * turns);
      expect(errorOf(await written).reason).toBe("cancelled");
    }
  });

  test("before it begins does nothing", async () => {
    const written = rig.write(queryFrom(endless), schema, { signal: AbortSignal.abort() });
    expect(errorOf(await written).reason).toBe("cancelled");
  });

  test("while others wait for their turn stops those too", async () => {
    const { signal, abortSoon } = aborted();
    const written = Array.from({ length: 6 }, () => rig.write(queryFrom(endless), schema, { signal }));
    abortSoon();
    const reasons = (await Promise.all(written)).map((result) => errorOf(result).reason);
    expect(reasons).toEqual(Array.from({ length: 6 }, () => "cancelled"));
  });

  test("does not wait for a function that never answers, and tells it to return", async () => {
    const { signal, abortSoon } = aborted();
    const told: string[] = [];
    const rows: AsyncIterable<Row> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          told.push("asked");
          abortSoon();
          return new Promise(() => {});
        },
        return: async () => {
          told.push("returned");
          return { done: true, value: undefined };
        },
      }),
    };
    expect(errorOf(await rig.write({ form: "rows", rows }, schema, { signal })).reason).toBe("cancelled");
    expect(told).toEqual(["asked", "returned"]);
  });

  test("stops a function that yields without ever waiting", async () => {
    const { signal, abortSoon } = aborted();
    let closed = false;
    const rows: RowSource = {
      form: "rows",
      rows: (async function* () {
        try {
          for (let n = 0; ; n = (n + 1) % 1000) {
            if (n === 500) abortSoon();
            yield { n };
          }
        } finally {
          closed = true;
        }
      })(),
    };
    expect(errorOf(await rig.write(rows, schema, { signal })).reason).toBe("cancelled");
    expect(closed).toBe(true);
  });

  test("leaves an engine that works on", async () => {
    const stored = await rig.store({ n: integer() }, [{ n: 1 }]);
    expect(await rig.read(stored)).toEqual([{ n: 1 }]);
  });
});

describe("other work that is stopped", () => {
  test("is a query by a person", async () => {
    const { signal, abortSoon } = aborted();
    const answer = rig.engine.query(endless, {}, 10, signal);
    abortSoon();
    expect(errorOf(await answer)).toEqual({ message: "The work was cancelled." });
  });

  test("is a check", async () => {
    const { signal, abortSoon } = aborted();
    const stored = await rig.store({ n: integer() }, [{ n: 1 }]);
    const huge = { ...stored, files: Array.from({ length: 20_000 }, () => stored.files[0] ?? "") };
    const checks = [{ id: "unique(n)", severity: "blocking", kind: "unique", columns: ["n"] }] as const;
    const answer = rig.engine.evaluate(checks, huge, new Map(), signal);
    abortSoon();
    expect(errorOf(await answer).reason).toBe("cancelled");
  });

  test("is a reader, with an error that carries the failure", async () => {
    const controller = new AbortController();
    const stored = await rig.store(
      { n: integer() },
      Array.from({ length: 5000 }, (_, n) => ({ n })),
    );
    const batches = rig.engine.read(stored, controller.signal)[Symbol.asyncIterator]();
    expect((await batches.next()).done).toBe(false);
    controller.abort();
    await expect(batches.next()).rejects.toMatchObject({ failure: { reason: "cancelled" } });
  });
});

test("a reader that is left early holds nothing back", async () => {
  const own = await openRig();
  const stored = await own.store(
    { n: integer() },
    Array.from({ length: 20_000 }, (_, n) => ({ n })),
  );
  for await (const batch of own.engine.read(stored, new AbortController().signal)) {
    expect(batch[0]).toEqual({ n: 0 });
    break;
  }
  // Would wait for ever if the connection were still lent.
  await own.close();
});
