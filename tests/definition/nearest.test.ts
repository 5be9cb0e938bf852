import { describe, expect, it } from "vitest";
import { nearest } from "../../framework/definition/nearest.ts";

const keys = [
  "customers",
  "geolocation",
  "order_items",
  "orders",
  "payments",
  "products",
  "reviews",
  "sellers",
];

describe("nearest", () => {
  it.each([
    ["ordres", ["orders"]],
    ["order_idd", []],
    ["seller", ["sellers"]],
    ["order", ["orders", "order_items"]],
    ["paymnets", ["payments"]],
    ["something_else", []],
    ["", []],
  ])("finds for %j %j", (typed, found) => {
    expect(nearest(typed, keys)).toEqual(found);
  });

  it("gives three at most, the nearest first, whatever the order they come in", () => {
    const names = ["abcd", "abce", "abc", "abcf", "abxy"];
    expect(nearest("abc", names)).toEqual(nearest("abc", [...names].reverse()));
    expect(nearest("abc", names)).toEqual(["abc", "abcd", "abce"]);
  });
});
