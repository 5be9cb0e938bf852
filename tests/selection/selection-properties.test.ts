import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { AssetState } from "../../framework/definition/asset-state.ts";
import { parseSelection } from "../../framework/selection/parse-selection.ts";
import { printSelection } from "../../framework/selection/print-selection.ts";
import { resolveSelection } from "../../framework/selection/resolve-selection.ts";
import { selectAssets } from "../../framework/selection/select-assets.ts";
import { termsOf } from "../../framework/selection/selection.ts";
import { wildcardMatcher } from "../../framework/selection/wildcard.ts";
import { isMeant, matchesNaively, resolveNaively } from "./naive-resolver.ts";
import { graphOf, type PlainAsset, plainAssets, selections, withoutPlaces } from "./random-selection.ts";
import { shopGraph } from "./shop-graph.ts";

// Properties run hundreds of cases, which a busy machine may take long for.
vi.setConfig({ testTimeout: 60_000 });

const stateOf = (assets: readonly PlainAsset[]) => (key: string) =>
  new Set<AssetState>(assets.find((asset) => asset.key === key)?.states);

describe("on random graphs with references, circles, tags and groups", () => {
  it("a selection means what a naive resolver says, or every term that matches nothing is a fault", () => {
    const seen = { keys: 0, empty: 0, faults: 0 };
    fc.assert(
      fc.property(plainAssets, selections, (assets, selection) => {
        const resolved = resolveSelection(selection, graphOf(assets), stateOf(assets));
        const unmet = termsOf(selection).filter(
          (term) => term.type === "match" && !assets.some((asset) => isMeant(term, asset)),
        );
        if (!resolved.ok) {
          seen.faults++;
          expect(resolved.error).toHaveLength(unmet.length);
          return;
        }
        expect(unmet).toEqual([]);
        const expected = resolveNaively(selection, assets);
        seen[expected.length === 0 ? "empty" : "keys"]++;
        expect([...resolved.value.keys].sort()).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
    // The generators must reach all three outcomes, or the property says little.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
  });

  it("what is emptied by the selection is empty under any states", () => {
    fc.assert(
      fc.property(plainAssets, plainAssets, selections, (assets, others, selection) => {
        const graph = graphOf(assets);
        const resolved = resolveSelection(selection, graph, stateOf(assets));
        if (!resolved.ok || resolved.value.emptiedBy !== "selection") return;
        const elsewhere = assets.map((asset, index) => ({ ...asset, states: others[index]?.states ?? [] }));
        expect(resolveNaively(selection, elsewhere)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("printing", () => {
  it("gives text that parses to an equal selection, which resolves alike", () => {
    fc.assert(
      fc.property(plainAssets, selections, (assets, selection) => {
        const parsed = parseSelection(printSelection(selection));
        expect(parsed.ok && withoutPlaces(parsed.value)).toEqual(withoutPlaces(selection));
        const graph = graphOf(assets);
        const [one, two] = [selection, parsed.ok ? parsed.value : selection].map((each) => {
          const resolved = resolveSelection(each, graph, stateOf(assets));
          return resolved.ok ? resolved.value : resolved.error.length;
        });
        expect(two).toEqual(one);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the meaning of whatever parses", () => {
    const piece = fc.constantFrom(
      ...[
        "a",
        "w/*",
        "**",
        "tag:t",
        "state:new",
        'owner:"x y"',
        "git:a..b",
        "key:or",
        "12",
        "roots(",
        "sinks(",
      ],
      ...["(", ")", "(", ")", "+", "+", "@", ",", " ", " ", " and ", " or ", "not ", "1+", "+2"],
    );
    let parsable = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const parsed = parseSelection(pieces.join(""));
        if (!parsed.ok) return;
        parsable++;
        const again = parseSelection(printSelection(parsed.value));
        expect(again.ok && withoutPlaces(again.value)).toEqual(withoutPlaces(parsed.value));
      }),
      { numRuns: 5000 },
    );
    expect(parsable).toBeGreaterThan(200);
  });

  it("leaves no parentheses that could be taken away", () => {
    let seen = 0;
    fc.assert(
      fc.property(selections, (selection) => {
        const text = printSelection(selection);
        for (const [open, close] of groups(text)) {
          const less = `${text.slice(0, open)} ${text.slice(open + 1, close)} ${text.slice(close + 1)}`;
          const parsed = parseSelection(less);
          expect(parsed.ok && withoutPlaces(parsed.value)).not.toEqual(withoutPlaces(selection));
          seen++;
        }
      }),
      { numRuns: 500 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it.each<readonly [text: string, printed: string]>([
    ["a b", "a or b"],
    ["a,b", "a and b"],
    ["( a ( b c ) )", "a or b or c"],
    ["(a b),c", "(a or b) and c"],
    ["a (b,c)", "a or b and c"],
    ["not (a b)", "not (a or b)"],
    ["not (not (a))", "not not a"],
    ["(not a)+", "(not a)+"],
    ["0+a+0", "a"],
    ["007+a", "7+a"],
    ["( roots( (a b) ) )+1", "roots(a or b)+1"],
    ["key:orders key:and key:2", "orders or key:and or key:2"],
    ['owner:"ana" owner:"data team"', 'owner:ana or owner:"data team"'],
    ['tag:"say \\"a\\\\b\\""', 'tag:"say \\"a\\\\b\\""'],
  ])("%s is printed as %s", (text, printed) => {
    const parsed = parseSelection(text);
    expect(parsed.ok && printSelection(parsed.value)).toBe(printed);
  });
});

describe("whatever is typed", () => {
  const graph = shopGraph();
  const attempt = (select: readonly string[], exclude: readonly string[] = []) =>
    selectAssets({ select, exclude }, graph, { stateOf: () => new Set() });

  it("is answered by a value, and a fault has its place inside the text", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'+@,()":* \n\\a1/ß🙂'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(anything, anything, (select, exclude) => {
        const parsed = parseSelection(select);
        if (!parsed.ok) {
          const { offset, length } = parsed.error;
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset + length).toBeLessThanOrEqual(select.length);
        }
        const selected = attempt([select], [exclude]);
        if (!selected.ok) expect(selected.error.detail?.join("\n")).not.toMatch(/[^\P{Cc}\n]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<readonly [what: string, text: string]>([
    ["deep parentheses", `${"(".repeat(45_000)}orders${")".repeat(45_000)}`],
    ["open parentheses", "(".repeat(100_000)],
    ["closed parentheses", ")".repeat(100_000)],
    ["many nots", `${"not ".repeat(24_000)}orders`],
    ["many plusses", "+".repeat(100_000)],
    ["many roots", `${"roots(".repeat(16_000)}orders`],
    ["a long name", "o".repeat(100_000)],
    ["a long wildcard", "*o".repeat(50_000)],
    ["a long open quote", `tag:"${"\\".repeat(90_000)}`],
    ["many unknown names", "unknown ".repeat(12_000)],
    ["many unknown names of their own", Array.from({ length: 9000 }, (_, index) => `n${index}`).join(" ")],
  ])("a text of %s is refused, neither overflowing nor hanging", (_what, text) => {
    expect(attempt([text]).ok).toBe(false);
  });

  it.each<readonly [what: string, text: string]>([
    ["terms", "orders ".repeat(14_000)],
    ["traversals", "+orders+1 ".repeat(10_000)],
    ["unlike traversals", Array.from({ length: 8000 }, (_, index) => `${index}+orders`).join(" ")],
    ["roots", "roots(**) ".repeat(10_000)],
    ["complements", "not orders ".repeat(9000)],
    ["intersections", Array.from({ length: 14_000 }, () => "orders").join(",")],
    ["nested roots that states leave empty", `${"roots(".repeat(199)}state:new${")".repeat(199)}`],
    ["nested traversals", `${"+(".repeat(199)}orders${")+".repeat(199)}`],
  ])("a text of many %s is resolved", (_what, text) => {
    expect(attempt([text]).ok).toBe(true);
  });
});

it("a wildcard matches what trying every way matches", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 8 });
  const patterns = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "*"), maxLength: 8 });
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      expect(wildcardMatcher(pattern)(text)).toBe(matchesNaively(pattern, text));
    }),
    { numRuns: 10_000 },
  );
});

it("a wildcard of many stars takes no longer for it", () => {
  const matches = wildcardMatcher(`${"*a".repeat(60)}b`);
  expect(matches("a".repeat(200))).toBe(false);
});

/** The places of parentheses that only group, as pairs of offsets. */
function groups(text: string): readonly (readonly [open: number, close: number])[] {
  const found: (readonly [number, number])[] = [];
  const open: number[] = [];
  const quoted = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (value) => "_".repeat(value.length));
  for (const [offset, character] of [...quoted].entries()) {
    if (character === "(") open.push(offset);
    if (character !== ")") continue;
    const start = open.pop() ?? 0;
    if (!/(?:roots|sinks)$/.test(quoted.slice(0, start))) found.push([start, offset]);
  }
  return found;
}
