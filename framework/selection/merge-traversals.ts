import { type Selection, union } from "./selection.ts";

/**
 * The parts of a union with those that go the same way made into one: `a+ b+` is `(a b)+`, which walks the graph once
 * however many there are.
 */
export function mergeTraversals(parts: readonly Selection[]): readonly Selection[] {
  const byWay = new Map<string, [Selection, ...Selection[]]>();
  const merged: Selection[] = [];
  for (const part of parts) {
    const way = wayOf(part);
    if (way === undefined) {
      merged.push(part);
      continue;
    }
    const same = byWay.get(way);
    if (same === undefined) byWay.set(way, [part]);
    else same.push(part);
  }
  for (const same of byWay.values()) {
    const [first] = same;
    if (same.length === 1 || !("of" in first)) merged.push(first);
    else merged.push({ ...first, of: union(same.flatMap(innerOf)) } as Selection);
  }
  return merged;
}

function wayOf(part: Selection): string | undefined {
  if (part.type === "at") return "@";
  return part.type === "traverse" ? `${part.upstream}+${part.downstream}` : undefined;
}

function innerOf(part: Selection): readonly Selection[] {
  return part.type === "at" || part.type === "traverse" ? [part.of] : [];
}
