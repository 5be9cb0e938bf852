import type { EdgeIndex, Edges } from "./edge-index.ts";

/**
 * All assets of a graph, by number, in groups: assets that are upstream of one another (by a circle of references) are
 * one group, every other asset is one by itself. A group comes after all groups upstream of it.
 */
export function strongComponents(index: EdgeIndex): readonly (readonly number[])[] {
  // Kosaraju: of what is left, the one that was finished last has nothing upstream but its own group.
  const finished: number[] = [];
  const seen = new Uint8Array(index.keys.length);
  for (const start of index.keys.keys()) walk(index.downstream, start, seen, finished);
  const components: (readonly number[])[] = [];
  const grouped = new Uint8Array(index.keys.length);
  for (const start of finished.reverse()) {
    const component: number[] = [];
    walk(index.upstream, start, grouped, component);
    if (component.length > 0) components.push(component.sort((a, b) => a - b));
  }
  return components;
}

/** Adds what can be reached and has not been seen, each after all that was reached through it. */
function walk(edges: Edges, start: number, seen: Uint8Array, finished: number[]): void {
  if (seen[start] === 1) return;
  seen[start] = 1;
  const path = [start];
  const nextEdge = [0];
  for (let top = path.length - 1; top >= 0; top = path.length - 1) {
    const at = path[top] ?? 0;
    const edge = nextEdge[top] ?? 0;
    const next = edges[at]?.[edge];
    if (next === undefined) {
      finished.push(at);
      path.pop();
      nextEdge.pop();
      continue;
    }
    nextEdge[top] = edge + 1;
    if (seen[next] === 1) continue;
    seen[next] = 1;
    path.push(next);
    nextEdge.push(0);
  }
}
