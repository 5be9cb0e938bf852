import { describe, expect, it } from "vitest";
import { project } from "../../assets/project.ts";
import { buildAssetGraph } from "../../framework/graph/build-asset-graph.ts";
import { selectAssets } from "../../framework/selection/select-assets.ts";
import { readPage, testedTable } from "./page-tables.ts";

const page = readPage("selection.md");

// Positions lead to absolute paths here; a loaded project has them relative to its folder.
const { graph } = buildAssetGraph(project, {
  source: (position) => ({ ...position, file: position.file.replace(/^.*\/(?=assets\/)/, "") }),
  thrown: () => undefined,
});

function select(text: string): ReturnType<typeof selectAssets> {
  if (graph === undefined) throw new Error("the project's definitions hold faults");
  return selectAssets({ select: [text], exclude: [] }, graph, { stateOf: () => new Set() });
}

describe("the examples of docs/selection.md", () => {
  it.each(testedTable(page, "selections"))("%s", (text = "", assets = "") => {
    const selected = select(text);
    expect(selected.ok ? selected.value.keys.join(", ") : selected.error).toBe(assets);
  });

  it.each(testedTable(page, "faults"))("%s says: %s", (text = "", message = "", hint = "") => {
    const selected = select(text);
    expect(
      selected.ok ? selected.value.keys : { message: selected.error.message, hint: selected.error.hint },
    ).toEqual({
      message,
      hint,
    });
  });

  it("are enough to show every operator and method that the page names", () => {
    const shown = testedTable(page, "selections").map(([text]) => text);
    for (const form of [
      "+x",
      "x+",
      "n+x",
      "x+n",
      "@",
      "roots(",
      "sinks(",
      "not ",
      ",",
      " and ",
      " or ",
      "*",
    ]) {
      expect(
        shown.some((text = "") => uses(text, form)),
        form,
      ).toBe(true);
    }
  });
});

function uses(text: string, form: string): boolean {
  switch (form) {
    case "+x":
      return /(^|[\s(,])\+/.test(text);
    case "x+":
      return /[a-z)]\+($|[\s),])/.test(text);
    case "n+x":
      return /(^|[\s(,])\d\+/.test(text);
    case "x+n":
      return /\+\d/.test(text);
    default:
      return text.includes(form);
  }
}
