import type { AssetKey } from "../definition/asset-key.ts";

/**
 * One cycle among inputs, as the keys along it with the first repeated at the end; undefined where there is none.
 *
 * Depth-first with keys sorted: the same graph must always report the same cycle.
 */
export function findCycle(
  keys: readonly AssetKey[],
  inputsOf: (key: AssetKey) => readonly AssetKey[],
): readonly AssetKey[] | undefined {
  const done = new Set<AssetKey>();
  const onPath = new Map<AssetKey, number>();
  for (const start of [...keys].sort()) {
    if (done.has(start)) continue;
    const path: { readonly key: AssetKey; readonly inputs: readonly AssetKey[]; next: number }[] = [];
    const enter = (key: AssetKey): void => {
      onPath.set(key, path.length);
      path.push({ key, inputs: [...inputsOf(key)].sort(), next: 0 });
    };
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const input = top.inputs[top.next++];
      if (input === undefined) {
        done.add(top.key);
        onPath.delete(top.key);
        path.pop();
        continue;
      }
      const seenAt = onPath.get(input);
      if (seenAt !== undefined) return [...path.slice(seenAt).map((step) => step.key), input].reverse();
      if (!done.has(input)) enter(input);
    }
  }
  return undefined;
}
