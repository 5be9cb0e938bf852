import fc from "fast-check";
import { expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { findCycle } from "../../framework/graph/find-cycle.ts";

const inputs: Readonly<Record<string, readonly string[]>> = {
  a: ["d"],
  b: ["c"],
  c: ["b", "e"],
  d: ["e"],
  e: ["c", "d"],
};

/** The circle that is found when keys and their inputs come in some order. */
function cycleIn(keys: readonly string[], of: (key: string) => readonly string[]): string | undefined {
  return findCycle(keys as readonly AssetKey[], (key) => of(key) as readonly AssetKey[])?.join(" → ");
}

it("of several circles the same one is found, whatever the order of keys and inputs", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(Object.keys(inputs), { minLength: 5 }),
      fc.boolean(),
      (keys, isReversed) => {
        const of = (key: string) => (isReversed ? [...(inputs[key] ?? [])].reverse() : (inputs[key] ?? []));
        expect(cycleIn(keys, of)).toBe("c → b → c");
      },
    ),
  );
});

it("a graph without a circle has none, however deep and however often a way leads to an asset", () => {
  const keys = Array.from({ length: 50_000 }, (_, at) => `k${at}`);
  const of = (key: string): readonly string[] => {
    const at = Number(key.slice(1));
    return [at - 1, at - 2].flatMap((before) => keys[before] ?? []);
  };
  expect(cycleIn(keys, of)).toBeUndefined();
});
