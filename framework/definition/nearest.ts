import { distance } from "fastest-levenshtein";

/** Names that `name` may have been meant to be, the nearest first; at most three, none where nothing is near. */
export function nearest(name: string, names: Iterable<string>): readonly string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return [...names]
    .map((candidate) => ({ candidate, away: distanceOf(name, candidate) }))
    .filter(({ away }) => away <= limit)
    .sort(
      (a, b) =>
        a.away - b.away ||
        a.candidate.length - b.candidate.length ||
        (a.candidate < b.candidate ? -1 : a.candidate > b.candidate ? 1 : 0),
    )
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

// A name that begins with what was typed is near, however long it is: "order" means orders or order_items.
function distanceOf(typed: string, candidate: string): number {
  if (typed.length >= 3 && candidate.startsWith(typed)) return 1;
  return distance(typed, candidate);
}
