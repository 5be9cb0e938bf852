import type { Edges } from "../graph/edge-index.ts";

/** A set of assets: 1 at the number of each member, 0 elsewhere. */
export type Members = Uint8Array;

/**
 * The members with none of `others` along `edges`, at whatever distance: roots look upstream, sinks downstream. Assets
 * in a circle of references count as one, since each is upstream of all the others and none would be first.
 *
 * `components` are the graph's strong components, each after all that its edges lead to.
 */
export function findExtremes(
  components: readonly (readonly number[])[],
  edges: Edges,
  members: Members,
  others: Members,
): Members {
  const extremes = new Uint8Array(members.length);
  // What is one of the others, or has one of them along the edges.
  const behind = new Uint8Array(members.length);
  for (const component of components) {
    // Nothing of this component is behind yet, so what is behind is outside it.
    const isBehind = component.some((at) => edges[at]?.some((next) => behind[next] === 1));
    if (!isBehind) for (const at of component) extremes[at] = members[at] ?? 0;
    if (isBehind || component.some((at) => others[at] === 1)) for (const at of component) behind[at] = 1;
  }
  return extremes;
}
