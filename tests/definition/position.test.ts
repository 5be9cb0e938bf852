import { describe, expect, it } from "vitest";
import { callSite, type Position } from "../../framework/definition/position.ts";

function here(): Position | undefined {
  return callSite(here);
}

function within(): Position | undefined {
  return here();
}

describe("callSite", () => {
  it("is the line and column of the call", () => {
    const one = here();
    const two = here();
    expect(one?.file).toMatch(/position\.test\.ts$/);
    expect((two?.line ?? 0) - (one?.line ?? 0)).toBe(1);
    expect([one?.column, two?.column]).toEqual([17, 17]);
  });

  it("is the place that called the function, not the one that called its caller", () => {
    const inner = within();
    expect(inner?.line).toBeLessThan(here()?.line ?? 0);
    expect(inner?.line).toBe(9);
  });

  it("is found in methods, callbacks and asynchronous code", async () => {
    const object = { method: () => here() };
    const awaited = await (async () => here())();
    expect([object.method(), ...[0].map(() => here()), awaited].map((position) => position?.file)).toEqual(
      Array(3).fill(expect.stringMatching(/position\.test\.ts$/)),
    );
  });

  it("leaves the length of other stack traces alone", () => {
    const before = Error.stackTraceLimit;
    here();
    expect(Error.stackTraceLimit).toBe(before);
  });
});
