import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ComputeEngine } from "../../framework/definition/compute-port.ts";
import { type Asset, asset, defineProject, integer } from "../../framework/index.ts";
import { controlledStore } from "../lake/controlled-store.ts";
import { type ControlledFunction, controlledFunction } from "../rig/controlled-function.ts";
import { openRunRig, type RunRig, sharedDuckdb } from "../rig/run-rig.ts";
import { ended, outcome, stepFailure } from "../rig/told.ts";

const duckdb = sharedDuckdb();
const columns = { id: integer() };

// Time passes when a test says so. Everything but these is real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function oneStep(options: { readonly times?: number } = {}): {
  readonly one: ControlledFunction;
  readonly assets: readonly Asset[];
} {
  const one = controlledFunction();
  const retry = { times: options.times ?? 0, wait: "1m" } as const;
  return { one, assets: [asset.run("one", { inputs: {}, columns, timeout: "5s", retry, run: one.run })] };
}

function open(assets: readonly Asset[], compute: ComputeEngine = duckdb): Promise<RunRig> {
  return openRunRig(compute, { project: defineProject({ name: "given up", assets }) });
}

/** What the lake holds that a step could have left behind. */
async function leftBehind(rig: RunRig): Promise<readonly string[]> {
  const objects = [...(await rig.objects("versions/")), ...(await rig.objects("work/"))];
  const files = await readdir(join(rig.lake, "tmp")).catch(() => []);
  return [...objects, ...(await rig.objects("data/")), ...files];
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe("a step whose time is over", () => {
  it("fails, is interrupted, and is not heard of again", async () => {
    const { one, assets } = oneStep();
    const rig = await open(assets);
    const running = rig.materialize();
    const call = await one.next();
    await vi.advanceTimersByTimeAsync(5000);
    const run = await running;
    expect(outcome(run)).toBe("failed, published nothing");
    expect(stepFailure(run, "one")).toEqual({
      reason: "timed-out",
      afterMs: 5000,
      message: "not done after 5 s",
      hint: "raise the asset's timeout, or make it do less",
    });
    expect(call.signal.aborted).toBe(true);

    // The function never looked at its signal, and goes on.
    call.log("still here");
    call.give([{ id: 1 }]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(run.late).toEqual([]);
    expect(await leftBehind(rig)).toEqual([]);
  });

  it("is tried again, and what the first try still says is not heard", async () => {
    const { one, assets } = oneStep({ times: 1 });
    const rig = await open(assets);
    const retried = gate();
    const running = rig.materialize({ onEvent: ({ type }) => type === "step.retried" && retried.open() });
    const first = await one.next();
    await vi.advanceTimersByTimeAsync(5000);
    await retried.opened;
    await vi.advanceTimersByTimeAsync(60_000);
    const second = await one.next();
    first.log("from the first");
    second.log("from the second");
    first.give([{ id: 1 }]);
    second.give([{ id: 2 }]);
    const run = await running;
    expect(outcome(run)).toBe("done, published one");
    expect(
      run.events.flatMap((event) => {
        if (event.type === "step.started") return [`started ${event.attempt}`];
        if (event.type === "step.retried") return [`retried: ${event.failure.reason}`];
        if (event.type === "step.logged") return [event.message];
        return event.type === "step.made" ? ["made"] : [];
      }),
    ).toEqual(["started 1", "retried: timed-out", "started 2", "from the second", "made"]);
    expect(await rig.rows("one")).toEqual([{ id: 2 }]);
    expect(await rig.objects("versions/")).toHaveLength(1);
    expect(run.late).toEqual([]);
  });

  it("is abandoned after a grace if its engine does not heed the signal, and its rows are dropped", async () => {
    const { one, assets } = oneStep();
    const written = gate();
    const mayAnswer = gate();
    const answered = gate();
    const heedless: ComputeEngine = {
      ...duckdb,
      async write(request) {
        const result = await duckdb.write({ ...request, signal: new AbortController().signal });
        written.open();
        await mayAnswer.opened;
        request.onProgress?.(1);
        setImmediate(() => answered.open());
        return result;
      },
    };
    const rig = await open(assets, heedless);
    const running = rig.materialize();
    (await one.next()).give([{ id: 1 }]);
    await written.opened;
    await vi.advanceTimersByTimeAsync(5000);
    await vi.advanceTimersByTimeAsync(2000);
    const run = await running;
    expect(ended(run)).toEqual({ one: "failed: timed-out" });
    mayAnswer.open();
    await answered.opened;
    await vi.waitFor(async () => expect(await leftBehind(rig)).toEqual([]), { interval: 1 });
    expect(run.late).toEqual([]);
    expect(run.environment).toBeUndefined();
  });

  it("is not said to be made when it is abandoned in the midst of its commit", async () => {
    const { one, assets } = oneStep();
    const rig = await open(assets);
    const reached = gate();
    const mayGoOn = gate();
    const store = controlledStore(rig.store, async ({ method, key }) => {
      if (method !== "swapPointer" || !key.startsWith("work/")) return undefined;
      reached.open();
      await mayGoOn.opened;
      return undefined;
    });
    const running = rig.materialize({ store });
    (await one.next()).give([{ id: 1 }]);
    await reached.opened;
    await vi.advanceTimersByTimeAsync(5000);
    await vi.advanceTimersByTimeAsync(2000);
    const run = await running;
    expect(ended(run)).toEqual({ one: "failed: timed-out" });
    expect(run.environment).toBeUndefined();
    mayGoOn.open();
    await vi.waitFor(async () => expect(await rig.objects("work/")).toHaveLength(1), { interval: 1 });

    // What it recorded is sound, and good for the next run.
    const again = await rig.materialize();
    expect(ended(again)).toEqual({ one: "reused" });
    expect(await rig.rows("one")).toEqual([{ id: 1 }]);
    expect(run.late).toEqual([]);
  });
});

describe("a run that is cancelled", () => {
  it("interrupts what is under way, starts nothing new, and publishes nothing", async () => {
    const first = controlledFunction();
    const rig = await open([
      asset.run("first", { inputs: {}, columns, run: first.run }),
      asset.run("second", { inputs: {}, columns, run: first.run }),
    ]);
    const controller = new AbortController();
    const running = rig.materialize({ signal: controller.signal, concurrency: 1 });
    const call = await first.next();
    controller.abort();
    const run = await running;
    expect(run.result).toMatchObject({ outcome: "interrupted", published: [] });
    expect(ended(run)).toEqual({ first: "failed: cancelled", second: "skipped: stopped" });
    expect(call.signal.aborted).toBe(true);
    call.log("too late");
    call.give([{ id: 1 }]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(run.late).toEqual([]);
    expect(await leftBehind(rig)).toEqual([]);
  });

  it("while a step waits for another try ends that wait", async () => {
    const { one, assets } = oneStep({ times: 3 });
    const rig = await open(assets);
    const controller = new AbortController();
    const retried = gate();
    const running = rig.materialize({
      signal: controller.signal,
      onEvent: ({ type }) => type === "step.retried" && retried.open(),
    });
    (await one.next()).fail(new Error("not now"));
    await retried.opened;
    controller.abort();
    const run = await running;
    expect(run.result.outcome).toBe("interrupted");
    expect(ended(run)).toEqual({ one: "failed: cancelled" });
    expect(one.calls()).toBe(1);
  });

  it("before it has begun does nothing", async () => {
    const { one, assets } = oneStep();
    const rig = await open(assets);
    const planned = await rig.planAndEnvironment();
    const run = await rig.materialize({ plan: planned, signal: AbortSignal.abort() });
    expect(run.result.outcome).toBe("interrupted");
    expect(ended(run)).toEqual({ one: "skipped: stopped" });
    expect(one.calls()).toBe(0);
  });
});
