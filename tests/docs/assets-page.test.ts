import { describe, expect, it } from "vitest";
import { compilePage } from "./compile-page.ts";
import { readPage } from "./page-tables.ts";

const page = readPage("assets.md");
const { "assets/insights/wrong.ts": wrong = [], ...right } = compilePage(page);

describe("the code of docs/assets.md", () => {
  it.each(Object.keys(right))("compiles: %s", (file) => {
    expect(right[file]).toEqual([]);
  });

  it("fails where it shall, with the very messages that the page shows", () => {
    const [, shown = ""] = /<!-- tested: messages -->\n```text\n(.*?)```/s.exec(page) ?? [];
    expect(shown).toBe(`${wrong.map((error) => `${error}\n`).join("\n")}`);
  });
});
