import type { AssetKey } from "../definition/asset-key.ts";

/** Keys with each after all its inputs; among those that are ready, the least key first. The inputs must have no cycle. */
export function topologicalOrder(
  keys: readonly AssetKey[],
  inputsOf: (key: AssetKey) => readonly AssetKey[],
): readonly AssetKey[] {
  const order: AssetKey[] = [];
  const level = new Map<AssetKey, number>();
  const within = new Set(keys);
  // Levels, then keys: as stable as a heap of ready keys, and linear.
  const levelOf = (start: AssetKey): void => {
    const stack: AssetKey[] = [start];
    for (let key = stack.at(-1); key !== undefined; key = stack.at(-1)) {
      const inputs = inputsOf(key).filter((input) => within.has(input));
      const missing = level.has(key) ? undefined : inputs.find((input) => !level.has(input));
      if (missing !== undefined) {
        stack.push(missing);
        continue;
      }
      stack.pop();
      if (!level.has(key))
        level.set(
          key,
          inputs.reduce((most, input) => Math.max(most, (level.get(input) ?? 0) + 1), 0),
        );
    }
  };
  for (const key of keys) {
    levelOf(key);
    order.push(key);
  }
  return order.sort((a, b) => (level.get(a) ?? 0) - (level.get(b) ?? 0) || (a < b ? -1 : a > b ? 1 : 0));
}
