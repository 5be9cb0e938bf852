import { describe, expect, it } from "vitest";
import {
  earliestIdentifier,
  isRunId,
  newRunId,
  newVersionId,
  timeOfRun,
} from "../../framework/lake/identifiers.ts";
import {
  createRun,
  listRuns,
  planObject,
  readPlan,
  readSummary,
  writeSummary,
} from "../../framework/lake/runs.ts";
import { emptyLake } from "./fixtures.ts";
import { bytes, value } from "./store-contract.ts";

const hour = 60 * 60 * 1000;
const now = Date.UTC(2026, 0, 2);

/** A run id of so many milliseconds ago; `n` tells those of one moment apart. */
function runAt(ago: number, n = 0): string {
  return `${earliestIdentifier(now - ago)}${String(n).padStart(16, "0")}`;
}

describe("identifiers", () => {
  it("are in the order they were made in, and never the same", () => {
    const ids = Array.from({ length: 1000 }, (_, n) => (n % 2 ? newRunId() : newVersionId()));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every(isRunId)).toBe(true);
  });

  it("say when a run was made", () => {
    expect(timeOfRun(runAt(0))).toBe(now);
    expect(runAt(0) < runAt(-1)).toBe(true);
  });

  it.each(["", "v1", "../../x", newRunId().toUpperCase(), `${newRunId()}0`])("are not %j", (text) => {
    expect(isRunId(text)).toBe(false);
  });
});

describe("a run on record", () => {
  it("has its plan from the start, and its summary from the end", async () => {
    const store = await emptyLake();
    const run = newRunId();
    expect(value(await readPlan(store, run))).toBeUndefined();
    value(await createRun(store, run, { formatVersion: 1, ...{ steps: [1, 2] } }));
    expect(value(await readPlan(store, run))).toEqual({ formatVersion: 1, steps: [1, 2] });
    expect(value(await readSummary(store, run))).toBeUndefined();
    value(await writeSummary(store, run, { formatVersion: 1, ...{ outcome: "done" } }));
    expect(value(await readSummary(store, run))).toEqual({ formatVersion: 1, outcome: "done" });
  });

  it("is not made twice, and its id leads nowhere else", async () => {
    const store = await emptyLake();
    const run = newRunId();
    value(await createRun(store, run, { formatVersion: 1 }));
    value(await createRun(store, run, { formatVersion: 1 }));
    await expect(createRun(store, run, { formatVersion: 1, ...{ other: 1 } })).rejects.toThrow(
      "Internal error",
    );
    await expect(readPlan(store, "../environments")).rejects.toThrow("Internal error");
  });

  it.each([
    ["{", "lake-corrupt"],
    ['{"formatVersion":2}', "format-unknown"],
  ])("with the plan %s is a failure that names it", async (content, reason) => {
    const store = await emptyLake();
    const run = newRunId();
    value(await store.create(planObject(run), bytes(content)));
    const failure = { reason, object: `runs/${run}/plan.json`, hint: expect.any(String) };
    expect(await readPlan(store, run)).toMatchObject({ ok: false, error: failure });
  });
});

describe("the list of runs", () => {
  it("is empty in an empty lake", async () => {
    expect(value(await listRuns(await emptyLake(), 10, now))).toEqual([]);
  });

  it("gives the latest first, as many as asked for, however far back they are, each once", async () => {
    const store = await emptyLake();
    const ages = [-hour, 0, 0, hour / 2, hour, hour + 1, 25 * hour, 24 * hour, 2000 * hour, 200_000 * hour];
    const runs = ages.map((ago, n) => runAt(ago, 9 - n));
    for (const run of runs) {
      value(await createRun(store, run, { formatVersion: 1 }));
      value(await writeSummary(store, run, { formatVersion: 1 }));
    }
    value(await store.create("runs/readme.txt", bytes("not a run")));
    const newest = [...runs].sort().reverse();
    for (let limit = 0; limit <= runs.length + 1; limit++) {
      expect(value(await listRuns(store, limit, now))).toEqual(newest.slice(0, limit));
    }
  });
});
