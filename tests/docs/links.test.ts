import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const docs = readdirSync(join(root, "docs"), { recursive: true })
  .map((name) => join("docs", String(name)))
  .filter((name) => name.endsWith(".md"));
const pages = [...docs, ...readdirSync(root).filter((name) => name.endsWith(".md"))].sort();

/** The targets of a page's links that lead to files of the project. Code is left out, where brackets mean other things. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), "utf8").replaceAll(/```.*?```|`[^`\n]*`/gs, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(join(root, page), "utf8").replaceAll(/```.*?```/gs, "");
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function broken(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : relative(root, join(root, dirname(page), path));
  const file = join(root, target);
  if (!existsSync(file)) return true;
  return anchor !== undefined && (!statSync(file).isFile() || !anchorsOf(target).has(anchor));
}

describe("links", () => {
  it.each(pages)("of %s lead to a file, and to a heading of it", (page) => {
    expect(linksOf(page).filter((link) => broken(page, link))).toEqual([]);
  });

  it("of docs/README.md lead to every page", () => {
    const listed = linksOf("docs/README.md").map((link) => join("docs", link));
    expect([...listed].sort()).toEqual(docs.filter((page) => page !== join("docs", "README.md")).sort());
  });
});
