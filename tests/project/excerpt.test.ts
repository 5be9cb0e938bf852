import { expect, test } from "vitest";
import { excerpt } from "../../framework/project/excerpt.ts";
import { temporaryProject } from "./temporary-project.ts";

test("an excerpt shows the line and marks the name that stands at the place", () => {
  const { root } = temporaryProject({ "a.ts": "one\n    on o.order_idd = p.order_id\r\nthree" });
  expect(excerpt(root, { file: "a.ts", line: 2, column: 10 })).toEqual([
    "   2 |     on o.order_idd = p.order_id",
    "     |          ^^^^^^^^^",
  ]);
  expect(excerpt(root, { file: "a.ts", line: 2, column: 20 }, 3)).toEqual([
    "   2 |     on o.order_idd = p.order_id",
    "     |                    ^^^",
  ]);
});

test("carets stand below the place after tabs and wide characters", () => {
  const { root } = temporaryProject({ "a.ts": "\tconst 日本 = x;" });
  expect(excerpt(root, { file: "a.ts", line: 1, column: 13 })).toEqual([
    "   1 | \tconst 日本 = x;",
    "     | \t             ^",
  ]);
});

test("of a long line the part around the place is shown", () => {
  const { root } = temporaryProject({ "a.ts": `${"x ".repeat(500)}here${" y".repeat(500)}` });
  const [line = "", carets = ""] = excerpt(root, { file: "a.ts", line: 1, column: 1001 });
  expect(line.length).toBeLessThan(115);
  expect(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("here");
});

test("a place that is not there any more has no excerpt", () => {
  const { root } = temporaryProject({ "a.ts": "one" });
  expect(excerpt(root, { file: "b.ts", line: 1, column: 1 })).toEqual([]);
  expect(excerpt(root, { file: "a.ts", line: 7, column: 1 })).toEqual([]);
  expect(excerpt(root, { file: "a.ts", line: 1, column: 90 })).toEqual(["   1 | one", "     |    ^"]);
});
