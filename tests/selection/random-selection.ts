import fc from "fast-check";
import { type AssetState, assetStates } from "../../framework/definition/asset-state.ts";
import type { AssetGraph } from "../../framework/graph/asset-graph.ts";
import { buildAssetGraph } from "../../framework/graph/build-asset-graph.ts";
import {
  asset,
  defineProject,
  type ForeignKey,
  foreignKeys,
  source,
  sql,
  string,
  table,
} from "../../framework/index.ts";
import { type Depth, intersection, type Selection, union } from "../../framework/selection/selection.ts";

/** An asset of a random graph, as plainly as can be: edges are indexes of other assets. */
export interface PlainAsset {
  readonly key: string;
  readonly tags: readonly string[];
  readonly group: string | undefined;
  readonly owner: string | undefined;
  readonly file: string;
  readonly states: readonly AssetState[];
  /** Earlier assets that it is made from; none for a copy. */
  readonly inputs: readonly number[];
  /** Any assets that it refers to: itself, or in circles, too. */
  readonly references: readonly number[];
}

const keys = ["a", "b", "ab", "and", "w/a", "w/b", "w/x/a", "w/x/and", "roots", "x9"];
const someOf = <T>(values: readonly T[], maxLength = 3) =>
  fc.uniqueArray(fc.constantFrom(...values), { maxLength });

export const plainAssets: fc.Arbitrary<readonly PlainAsset[]> = fc
  .record({
    keys: fc.shuffledSubarray(keys, { minLength: 1 }),
    rest: fc.array(
      fc.record({
        tags: someOf(["core", "nightly", "night/shift"]),
        group: fc.option(fc.constantFrom("g", "h"), { nil: undefined }),
        owner: fc.option(fc.constantFrom("Ana Silva", 'a "b" \\c', "team,x"), { nil: undefined }),
        file: fc.constantFrom("assets/a.ts", "assets/x/b.ts", "assets/x/y/c.ts", "assets/(x)/d e.ts"),
        states: someOf(assetStates),
        inputs: fc.array(fc.nat(), { maxLength: 2 }),
        references: fc.array(fc.nat(), { maxLength: 2 }),
      }),
      { minLength: keys.length, maxLength: keys.length },
    ),
  })
  .map((random) =>
    random.keys.flatMap((key, index) => {
      const rest = random.rest[index];
      if (rest === undefined) return [];
      const inputs = index === 0 ? [] : [...new Set(rest.inputs.map((at) => at % index))];
      const references = [...new Set(rest.references.map((at) => at % random.keys.length))];
      return [{ ...rest, key, inputs, references }];
    }),
  );

/** The same graph, through the front door. */
export function graphOf(plain: readonly PlainAsset[]): AssetGraph {
  const shop = source("shop");
  const columns = { id: string() };
  const assets: ReturnType<typeof asset.from>[] = [];
  for (const { key, tags, group, owner, file, inputs } of plain) {
    const about = { tags, ...(group !== undefined && { group }), ...(owner !== undefined && { owner }) };
    const made =
      inputs.length === 0
        ? asset.from(key, shop.table(table(key, { columns })), about)
        : asset.sql(key, {
            ...about,
            columns,
            inputs: Object.fromEntries(inputs.flatMap((at) => (assets[at] ? [[`i${at}`, assets[at]]] : []))),
            sql: () => sql`select 1 as id`,
          });
    assets.push(Object.freeze({ ...made, position: { file, line: 1, column: 1 } }));
  }
  const owners = Object.fromEntries(assets.map((owner, index) => [`t${index}`, owner]));
  const relations = foreignKeys(owners, (t) =>
    plain.flatMap(({ references }, from) =>
      references.flatMap((to): readonly ForeignKey[] => {
        const [left, right] = [t[`t${from}`]?.["id"], t[`t${to}`]?.["id"]];
        return left && right ? [left.references(right)] : [];
      }),
    ),
  );
  const { graph, diagnostics } = buildAssetGraph(defineProject({ name: "random", assets, relations }));
  if (graph === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return graph;
}

const match = (method: "key" | "tag" | "group" | "kind" | "path" | "owner", ...values: readonly string[]) =>
  fc.constantFrom(...values).map((value): Selection => ({ type: "match", method, value }));

const term: fc.Arbitrary<Selection> = fc.oneof(
  { weight: 6, arbitrary: match("key", ...keys) },
  match("key", "*", "**", "w/*", "w/**", "**/a", "*a*", "**a", "**/x/**", "a**", "9", "k+y"),
  match("tag", "core", "nightly", "night*", "night**", "*/*"),
  match("group", "g", "h", "*"),
  match("kind", "copy", "sql", "*"),
  match("owner", "Ana Silva", 'a "b" \\c', "team,x", "A*"),
  match(
    "path",
    "assets/x",
    "assets/*",
    "assets/**",
    "**/c.ts",
    "assets/*/y",
    "./assets/x/",
    "assets/(x)/d e.ts",
  ),
  {
    weight: 3,
    arbitrary: fc.constantFrom(...assetStates).map((state): Selection => ({ type: "state", state })),
  },
);

const depth: fc.Arbitrary<Depth> = fc.oneof(fc.constantFrom<Depth>("all", 0), fc.integer({ min: 1, max: 4 }));

/** Selections as parsing gives them: no union directly inside a union, and no traversal that goes nowhere. */
export const selections: fc.Arbitrary<Selection> = fc.letrec<{ readonly selection: Selection }>((tie) => {
  const inner = tie("selection");
  const several = fc.array(inner, { minLength: 2, maxLength: 4 });
  return {
    selection: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      term,
      several.map(union),
      several.map(intersection),
      inner.map((of): Selection => ({ type: "not", of })),
      inner.map((of): Selection => ({ type: "at", of })),
      inner.map((of): Selection => ({ type: "roots", of })),
      inner.map((of): Selection => ({ type: "sinks", of })),
      fc
        .tuple(inner, depth, depth)
        .map(
          ([of, upstream, downstream]): Selection =>
            upstream === 0 && downstream === 0 ? of : { type: "traverse", of, upstream, downstream },
        ),
    ),
  };
}).selection;

/** A selection without the places of its terms: what two selections have in common when they mean the same. */
export function withoutPlaces(selection: Selection): unknown {
  return JSON.parse(
    JSON.stringify(selection, (name, value: unknown) =>
      name === "at" && typeof value === "object" ? undefined : value,
    ),
  );
}
