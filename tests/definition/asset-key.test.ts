import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAssetKey, storedKey } from "../../framework/definition/asset-key.ts";

const segment = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
const key = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join("/"));

describe("parseAssetKey", () => {
  it.each(["orders", "warehouse/orders", "a/b/c", "daily_revenue_2", "x".repeat(200)])("takes %s", (text) => {
    expect(parseAssetKey(text)).toEqual({ ok: true, value: text });
  });

  it.each([
    ["nothing", ""],
    ["capitals", "Orders"],
    ["a digit first", "2orders"],
    ["an underscore first", "_orders"],
    ["an empty segment", "a//b"],
    ["a slash first", "/orders"],
    ["a slash last", "orders/"],
    ["a way up", "../orders"],
    ["a dot", "a.b"],
    ["a hyphen", "daily-revenue"],
    ["a backslash", "a\\b"],
    ["a space", "a b"],
    ["a line break", "orders\n"],
    ["a null byte", "a\0b"],
    ["letters beyond a to z", "pedidos_ç"],
    ["more than 200 characters", "x".repeat(201)],
  ])("refuses %s", (_, text) => {
    expect(parseAssetKey(text)).toMatchObject({
      ok: false,
      error: { code: "key-invalid", severity: "error" },
    });
  });

  it("lets no key name a place outside its folder", () => {
    fc.assert(
      fc.property(fc.oneof(key, fc.string()), (text) => {
        const parsed = parseAssetKey(text);
        if (parsed.ok) expect(storedKey(parsed.value)).toMatch(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/);
      }),
    );
  });

  it("stores different keys under different names", () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const [first, second] = [parseAssetKey(a), parseAssetKey(b)];
        if (first.ok && second.ok) expect(storedKey(first.value) === storedKey(second.value)).toBe(a === b);
      }),
    );
  });
});
