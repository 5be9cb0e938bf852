import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, type Json, notJson } from "../../framework/definition/json.ts";

const json = fc.jsonValue() as fc.Arbitrary<Json>;

/** The same value with the names of its objects in another order. */
const reversed = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
};

describe("canonicalJson", () => {
  it("sorts names at every depth and keeps the order of lists", () => {
    expect(canonicalJson({ b: [2, 1, { d: null, c: true }], a: "é" })).toBe(
      '{"a":"é","b":[2,1,{"c":true,"d":null}]}',
    );
  });

  it("is the same for equal values, whatever the order of their names", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("is JSON of the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("notJson", () => {
  it("finds nothing wrong with JSON", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(notJson(value)).toBeUndefined();
      }),
    );
    expect(notJson(Object.assign(Object.create(null), { a: 1 }))).toBeUndefined();
  });

  it.each([
    ["undefined", undefined, "config"],
    ["a member that is undefined", { a: { b: undefined } }, "config.a.b"],
    ["a function", { a: [() => 1] }, "config.a[0]"],
    ["a number that is none", [1, Number.NaN], "config[1]"],
    ["infinity", { a: Number.POSITIVE_INFINITY }, "config.a"],
    ["a bigint", { a: 1n }, "config.a"],
    ["a symbol", { a: Symbol("x") }, "config.a"],
    ["a Date", { since: new Date(0) }, "config.since"],
    ["a Map", { a: new Map() }, "config.a"],
  ])("names the place of %s", (_, value, place) => {
    expect(notJson(value)).toBe(place);
  });
});
