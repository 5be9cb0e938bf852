import type { PlacedTree, TextRange } from "./module-summary.ts";
import type { CodeTree } from "./syntax-digest.ts";
import type { SyntaxNode } from "./syntax-tree.ts";

/** Places in one text, by offset. */
export interface TextPlaces {
  range(node: SyntaxNode): TextRange;
  tree(tree: CodeTree): PlacedTree;
}

export function textPlaces(text: string): TextPlaces {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const place = (at: number): readonly [number, number] => {
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return [low + 1, at - (starts[low] ?? 0) + 1];
  };
  return {
    range: (node) => [...place(node.start), ...place(node.end)],
    tree: ({ digest, names }) => ({
      digest,
      names: names.map(({ at, ...name }) => {
        const [line, column] = place(at);
        return { ...name, line, column };
      }),
    }),
  };
}
