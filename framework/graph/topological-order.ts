import type { AssetKey } from "../definition/asset-key.ts";

/**
 * Keys with each after all its inputs: first those without inputs, then those whose inputs are all among the first, and
 * so on, in each round by key. The inputs must have no cycle; inputs that are no keys do not count.
 */
export function topologicalOrder(
  keys: readonly AssetKey[],
  inputsOf: (key: AssetKey) => readonly AssetKey[],
): readonly AssetKey[] {
  const awaited = new Map(keys.map((key) => [key, 0]));
  const consumers = new Map<AssetKey, AssetKey[]>(keys.map((key) => [key, []]));
  for (const key of awaited.keys()) {
    for (const input of new Set(inputsOf(key))) {
      const of = consumers.get(input);
      if (of === undefined) continue;
      of.push(key);
      awaited.set(key, (awaited.get(key) ?? 0) + 1);
    }
  }
  const order: AssetKey[] = [];
  let round = [...awaited].filter(([, inputs]) => inputs === 0).map(([key]) => key);
  while (round.length > 0) {
    order.push(...round.sort());
    const next: AssetKey[] = [];
    for (const key of round) {
      for (const consumer of consumers.get(key) ?? []) {
        const left = (awaited.get(consumer) ?? 0) - 1;
        awaited.set(consumer, left);
        if (left === 0) next.push(consumer);
      }
    }
    round = next;
  }
  return order;
}
