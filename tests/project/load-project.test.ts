import {
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import { describe, expect, test, vi } from "vitest";
import { loadProject } from "../../framework/project/load-project.ts";
import { configOf, type TemporaryProject, temporaryProject } from "./temporary-project.ts";

const bundled = vi.hoisted(() => ({ times: 0 }));
vi.mock("esbuild", async (original) => {
  const esbuild = await original<typeof import("esbuild")>();
  const build = (options: BuildOptions) => {
    bundled.times += 1;
    return esbuild.build(options);
  };
  return { ...esbuild, build };
});

const customers = `import { asset, sql, string } from "#framework";

export const names = asset.run("names", {
  inputs: {},
  columns: { name: string() },
  async *run() {
    yield { name: "Ana" };
  },
});

export const upper = asset.sql("upper", {
  inputs: { names },
  columns: { name: string() },
  sql: ({ names }) => sql\`select upper(\${names.name}) as name from \${names}\`,
});
`;

function shop(): TemporaryProject {
  return temporaryProject({
    "assets.config.ts": configOf({ "assets/customers.ts": ["names", "upper"] }),
    "assets/customers.ts": customers,
  });
}

/** How often a project is bundled by what is done. */
async function bundles(work: () => Promise<unknown>): Promise<number> {
  const before = bundled.times;
  await work();
  return bundled.times - before;
}

function cacheFiles(project: TemporaryProject, ending: string): readonly string[] {
  const folder = join(project.root, ".assets/cache/project");
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

test("a project is its definitions, its graph and the places of both in the sources", async () => {
  const project = await shop().load();
  expect(project.definitions.name).toBe("shop");
  expect(project.files.map(({ path }) => path).filter((path) => !path.startsWith(".."))).toEqual([
    "assets.config.ts",
    "assets/customers.ts",
  ]);
  const [names, upper] = [...project.graph.assets.values()];
  expect(names?.position).toEqual({ file: "assets/customers.ts", line: 3, column: 28 });
  expect(upper?.position).toEqual({ file: "assets/customers.ts", line: 11, column: 28 });
  expect(upper?.making).toMatchObject({
    statement: 'select upper("names"."name") as name from "names"',
    pieces: [
      { offset: 0, template: { file: "assets/customers.ts", line: 14, column: 23 } },
      { offset: 27, template: { file: "assets/customers.ts", line: 14, column: 23 } },
    ],
  });
});

test("places are found in folders of whatever name, and in modules that wait while they load", async () => {
  const project = shop();
  const folder = "assets (new)/a b";
  project.write(
    `${folder}/customers.ts`,
    customers.replace("export const", "await Promise.resolve();\nexport const"),
  );
  project.edit("assets.config.ts", "./assets/customers.ts", `./${folder}/customers.ts`);
  const { graph } = await project.load();
  expect([...graph.assets.values()].map(({ position }) => position)).toEqual([
    { file: `${folder}/customers.ts`, line: 4, column: 28 },
    { file: `${folder}/customers.ts`, line: 12, column: 28 },
  ]);
});

test("a function of a loaded project runs", async () => {
  const { definitions } = await shop().load();
  const making = definitions.assets[0]?.making;
  if (making?.kind !== "function") throw new Error("names is made by a function");
  const rows: unknown[] = [];
  const context = { inputs: {}, config: null, signal: new AbortController().signal, log: () => {} };
  for await (const row of making.run(context)) rows.push(row);
  expect(rows).toEqual([{ name: "Ana" }]);
});

describe("a project is bundled again", () => {
  test("only after a change, and gives the same places from the cache", async () => {
    const project = shop();
    const first = await project.load();
    let second = first;
    expect(await bundles(async () => (second = await project.load()))).toBe(0);
    expect([...second.graph.assets]).toEqual([...first.graph.assets]);
    expect(second.files).toEqual(first.files);
  });

  test("after an edit that keeps size and times", async () => {
    const project = shop();
    await project.load();
    const file = join(project.root, "assets/customers.ts");
    const { atime, mtime } = statSync(file);
    project.edit("assets/customers.ts", '"names"', '"other"');
    utimesSync(file, atime, mtime);
    const loaded = await project.load();
    expect([...loaded.graph.assets.keys()]).toEqual(["other", "upper"]);
  });

  test("not when a file is only touched, nor when a file is added that nothing imports", async () => {
    const project = shop();
    await project.load();
    utimesSync(join(project.root, "assets/customers.ts"), 1, 1);
    project.write("assets/more.ts", "export const more = 1;");
    expect(await bundles(() => project.load())).toBe(0);
  });

  test("when a new file stands before the one that an import without ending meant", async () => {
    const project = shop();
    project.edit("assets/customers.ts", 'name: "Ana"', "name: first");
    project.edit("assets/customers.ts", "import {", 'import { first } from "../lib/first";\nimport {');
    project.write("lib/first/index.ts", 'export const first = "Ana";');
    await project.load();
    expect(await bundles(() => project.load())).toBe(0);
    project.write("lib/first.ts", 'export const first = "Bia";');
    expect(await bundles(() => project.load())).toBe(1);
  });

  test("when a link leads elsewhere", async () => {
    const project = shop();
    project.write("one/first.ts", 'export const first = "one";');
    project.write("two/first.ts", 'export const first = "two";');
    project.write("one/package.json", '{"name":"linked","type":"module","exports":"./first.ts"}');
    project.write("two/package.json", '{"name":"linked","type":"module","exports":"./first.ts"}');
    const link = (name: string): void => {
      for (const path of ["lib", "node_modules/linked"]) {
        rmSync(join(project.root, path), { force: true });
        symlinkSync(join(project.root, name), join(project.root, path));
      }
    };
    project.write("node_modules/.keep", "");
    link("one");
    project.edit("assets/customers.ts", '"names", {', "`${first}_${linked}`, {");
    project.edit(
      "assets/customers.ts",
      "import {",
      'import { first } from "../lib/first.ts";\nimport { first as linked } from "linked";\nimport {',
    );
    expect([...(await project.load()).graph.assets.keys()]).toEqual(["one_one", "upper"]);
    expect(await bundles(() => project.load())).toBe(0);
    link("two");
    expect([...(await project.load()).graph.assets.keys()]).toEqual(["two_two", "upper"]);
  });

  test("when a package comes nearer", async () => {
    const project = shop();
    const pack = (folder: string, name: string): void => {
      project.write(`${folder}/node_modules/first/package.json`, `{"type":"module","main":"index.js"}`);
      project.write(`${folder}/node_modules/first/index.js`, `export const first = "${name}";`);
    };
    pack(".", "Ana");
    project.edit("assets/customers.ts", '"names", {', "first, {");
    project.edit("assets/customers.ts", "import {", 'import { first } from "first";\nimport {');
    expect(await project.faults()).toHaveLength(1);
    pack("assets", "near");
    expect([...(await project.load()).graph.assets.keys()]).toEqual(["near", "upper"]);
  });

  test("when a package that it names by its place was moved", async () => {
    const project = shop();
    project.write("node_modules/first/package.json", `{"type":"module","exports":"./a.js"}`);
    project.write("node_modules/first/a.js", `export const first = "ana";`);
    project.edit("assets/customers.ts", '"names", {', "first, {");
    project.edit("assets/customers.ts", "import {", 'import { first } from "first";\nimport {');
    await project.load();
    project.remove("node_modules/first/a.js");
    project.write("node_modules/first/package.json", `{"type":"module","exports":"./b.js"}`);
    project.write("node_modules/first/b.js", `export const first = "bia";`);
    expect([...(await project.load()).graph.assets.keys()]).toEqual(["bia", "upper"]);
  });

  test.each([
    ["the record is cut off", (project: TemporaryProject) => cutOff(project, ".json")],
    ["the bundle is cut off", (project: TemporaryProject) => cutOff(project, ".mjs")],
    [
      "the bundle is of something else",
      (project: TemporaryProject) => replace(project, ".mjs", "export {};"),
    ],
    ["the source map is gone", (project: TemporaryProject) => replace(project, ".map", undefined)],
    ["the cache is gone", (project: TemporaryProject) => project.remove(".assets")],
    ["the record is no record", (project: TemporaryProject) => replace(project, ".json", '{"format":1}')],
  ])("when %s", async (_, damage) => {
    const project = shop();
    const before = await project.load();
    damage(project);
    let after = before;
    expect(await bundles(async () => (after = await project.load()))).toBe(1);
    expect([...after.graph.assets]).toEqual([...before.graph.assets]);
  });
});

function cutOff(project: TemporaryProject, ending: string): void {
  for (const file of cacheFiles(project, ending)) truncateSync(file, Math.floor(statSync(file).size / 2));
}

function replace(project: TemporaryProject, ending: string, text: string | undefined): void {
  for (const file of cacheFiles(project, ending)) {
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
  }
}

test("places keep up with sources whose bundle stays the same", async () => {
  const project = shop();
  await project.load();
  project.edit("assets/customers.ts", "export const names", "\n// more room\n\nexport const names");
  const { graph } = await project.load();
  expect([...graph.assets.values()].map(({ position }) => position?.line)).toEqual([6, 14]);
});

test("files of earlier states are deleted after a day", async () => {
  const project = shop();
  await project.load();
  const old = [...cacheFiles(project, ".mjs"), ...cacheFiles(project, ".map")];
  for (const file of old) utimesSync(file, 1, 1);
  project.edit("assets/customers.ts", '"Ana"', '["Ana"].join()');
  await project.load();
  const left = [...cacheFiles(project, ".mjs"), ...cacheFiles(project, ".map")];
  expect(left).toHaveLength(2);
  expect(left.filter((file) => old.includes(file))).toEqual([]);
});

test("a damaged source map or position file costs places at most", async () => {
  const project = shop();
  const before = await project.load();
  cutOff(project, ".positions.json");
  expect([...(await project.load()).graph.assets]).toEqual([...before.graph.assets]);
  cutOff(project, ".positions.json");
  cutOff(project, ".map");
  expect((await project.load()).graph.assets.size).toBe(2);
});

test("two processes that load at once both succeed", async () => {
  const project = shop();
  const loaded = await Promise.all(Array.from({ length: 4 }, () => project.load()));
  expect(new Set(loaded.map(({ files }) => JSON.stringify(files))).size).toBe(1);
  expect(cacheFiles(project, ".tmp")).toEqual([]);
});

test("modules know their own place, and packages are found from the module that imports them", async () => {
  const project = shop();
  project.write("assets/part/node_modules/near/package.json", `{"type":"module","main":"index.js"}`);
  project.write("assets/part/node_modules/near/index.js", "export const near = 7;");
  project.write("assets/part/limit.ts", 'export { near } from "near";');
  project.write(
    "assets/part/place.ts",
    `#!/usr/bin/env node
import { near } from "near";
export const place = [import.meta.url, import.meta.dirname, import.meta.filename, near].join(" ");`,
  );
  project.edit("assets.config.ts", "import {", 'import { place } from "./assets/part/place.ts";\nimport {');
  project.edit("assets.config.ts", 'name: "shop"', "name: place");
  const folder = join(project.root, "assets/part");
  const { definitions } = await project.load();
  expect(definitions.name).toBe(`file://${folder}/place.ts ${folder} ${folder}/place.ts 7`);
});

describe("a fault is told with its place:", () => {
  test("no config file", async () => {
    const { root } = shop();
    for (const place of ["nowhere/assets.config.ts", "assets.config.mjs", "assets"]) {
      const loaded = await loadProject(join(root, place));
      const message = `there is no file ${join(root, place)}`;
      expect(loaded).toMatchObject({ ok: false, error: { reason: "config-invalid", message } });
    }
  });

  test("every syntax error and every import that leads nowhere, at once", async () => {
    const project = shop();
    project.write("assets/broken.ts", "export const x = ;\n");
    project.write("lib/dates.ts", "export const days = 7;\n");
    project.edit(
      "assets/customers.ts",
      "import {",
      'import "./broken.ts";\nimport { days } from "../lib/date.ts";\nimport * as é from "no-such-package";\nconsole.log(days, é);\nimport {',
    );
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "module-not-loaded assets/broken.ts:1:18
      assets/broken.ts: Unexpected ";"",
        "module-not-loaded assets/customers.ts:2:22
      assets/customers.ts: cannot find "../lib/date.ts"
      did you mean dates.ts?",
        "module-not-loaded assets/customers.ts:3:20
      assets/customers.ts: cannot find "no-such-package"
      install it with \`npm install no-such-package\`; path aliases of tsconfig.json are not read, "imports" of package.json are",
      ]
    `);
  });

  test("a module that throws", async () => {
    const project = shop();
    project.write(
      "lib/rates.ts",
      "export function rate(name: string): number {\n  throw new TypeError(`no rate for ${name}`);\n}\n",
    );
    project.edit(
      "assets/customers.ts",
      "import {",
      'import { rate } from "../lib/rates.ts";\nexport const euro = rate("EUR");\nimport {',
    );
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "module-not-loaded lib/rates.ts:2:9
      lib/rates.ts cannot be loaded: TypeError: no rate for EUR
      mend what is thrown at this line; modules are run whenever the project is loaded",
      ]
    `);
  });

  test("a definition that cannot be", async () => {
    const project = shop();
    project.edit(
      "assets/customers.ts",
      "export const upper",
      "export const broken = sql`select ${undefined as never}`;\n\nexport const upper",
    );
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "sql-parameter-invalid assets/customers.ts:11:23
      parameter 1 of a sql template is undefined
      a parameter is a relation, one of its columns, another sql\`…\`, or a finite number, bigint, boolean, null or string",
      ]
    `);
  });

  test("a column that is not there, in the statement that asks for it", async () => {
    const project = shop();
    project.edit("assets/customers.ts", "names.name}", "names.nam}");
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "column-unknown assets/customers.ts:14:48
      upper: names has no column "nam"
      did you mean name?",
      ]
    `);
  });

  test("a name that a package does not export", async () => {
    const project = shop();
    project.write("node_modules/first/package.json", `{"type":"module","main":"index.js"}`);
    project.write("node_modules/first/index.js", "export const first = 1;");
    project.edit(
      "assets/customers.ts",
      "import {",
      'import { second } from "first";\nconsole.log(second);\nimport {',
    );
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "module-not-loaded assets/customers.ts:1:1
      assets/customers.ts cannot be loaded: SyntaxError: The requested module 'first' does not provide an export named 'second'
      mend what is thrown at this line; modules are run whenever the project is loaded",
      ]
    `);
  });

  test("a module that throws what is no error", async () => {
    const project = shop();
    project.write("assets/customers.ts", "throw null;\nexport const names = 1, upper = 2;");
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "module-not-loaded nowhere
      assets.config.ts cannot be loaded: it throws null
      mend what is thrown at this line; modules are run whenever the project is loaded",
      ]
    `);
  });

  test("modules that import one another in a circle", async () => {
    const project = shop();
    project.edit("assets/customers.ts", "import {", 'import { suffix } from "../lib/suffix.ts";\nimport {');
    project.edit("assets/customers.ts", '"upper", {', "`upper${suffix}`, {");
    project.write(
      "lib/suffix.ts",
      'import { upper } from "../assets/customers.ts";\nexport const suffix = upper.key;',
    );
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "module-not-loaded lib/suffix.ts:2:29
      lib/suffix.ts cannot be loaded: TypeError: Cannot read properties of undefined (reading 'key')
      mend what is thrown at this line; modules are run whenever the project is loaded",
      ]
    `);
  });

  test("two assets of one key", async () => {
    const project = shop();
    project.edit("assets/customers.ts", '"upper"', '"names"');
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "key-duplicate assets/customers.ts:11:28
      two assets have the key "names"
      the other is declared at assets/customers.ts:3; give one of them another key",
      ]
    `);
  });

  test("a config without the export", async () => {
    const project = shop();
    project.edit("assets.config.ts", "export const config", "export const cfg");
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "config-invalid assets.config.ts:1:1
      assets.config.ts: has no export "config"; it exports cfg
      write \`export const config = defineConfig({ definitions, resources })\`",
      ]
    `);
  });

  test("a config that is no object", async () => {
    const project = shop();
    project.write("assets.config.ts", "export const config = 7;");
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "config-invalid assets.config.ts:1:1
      assets.config.ts: its export "config" is 7
      write \`export const config = defineConfig({ definitions, resources })\`",
      ]
    `);
  });

  test("a config with settings of the wrong kinds", async () => {
    const project = shop();
    project.write("assets.config.ts", "export const config = { definition: 1, lake: 2, environment: 3 };");
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "config-invalid assets.config.ts:1:1
      assets.config.ts: config has no setting "definition"
      did you mean definitions?",
        "config-invalid assets.config.ts:1:1
      assets.config.ts: config.resources is undefined
      write \`resources: (context) => ({ sources: { … } })\`",
        "config-invalid assets.config.ts:1:1
      assets.config.ts: config.environment is 3
      it is a name like "dev"",
        "config-invalid assets.config.ts:1:1
      assets.config.ts: config.lake is 2
      it is a folder, or a function that gives one",
        "config-invalid assets.config.ts:1:1
      assets.config.ts: config.definitions is undefined
      write \`definitions: defineProject({ name, assets, relations })\`",
      ]
    `);
  });

  test("definitions of the wrong shape", async () => {
    const project = shop();
    project.write(
      "assets.config.ts",
      'const definitions = { name: "", assets: [undefined, { key: "x" }], relations: {} };\nexport const config = { resources: () => ({}), definitions };',
    );
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "config-invalid assets.config.ts:1:1
      assets.config.ts: the project's name is ""
      give defineProject a name that is not empty",
        "config-invalid assets.config.ts:1:1
      assets.config.ts: assets[0] of the project is undefined
      list assets as asset.from, asset.sql or asset.run gave them (modules that import one another in a circle leave undefined)",
        "config-invalid assets.config.ts:1:1
      assets.config.ts: assets[1] of the project is an object of another kind
      list assets as asset.from, asset.sql or asset.run gave them (modules that import one another in a circle leave undefined)",
        "config-invalid assets.config.ts:1:1
      assets.config.ts: the project's relations are an object of another kind
      give defineProject a list of relations",
      ]
    `);
  });

  test("a cache folder that cannot be written", async () => {
    const project = shop();
    project.write(".assets/cache", "a file in its way");
    expect(await project.faults()).toMatchInlineSnapshot(`
      [
        "config-invalid nowhere
      the cache folder .assets/cache/project cannot be written
      make it a folder that this user may write",
      ]
    `);
  });
});

test("a fault that is mended is gone", async () => {
  const project = shop();
  project.edit("assets/customers.ts", "export const upper", "boom();\nexport const upper");
  expect(await project.faults()).toHaveLength(1);
  project.edit("assets/customers.ts", "boom();\n", "");
  expect(await project.faults()).toEqual([]);
});

test("the bundle holds nothing of the packages", async () => {
  const project = shop();
  await project.load();
  const [bundle = ""] = cacheFiles(project, ".mjs");
  expect(readFileSync(bundle, "utf8")).toMatch(/from "file:\/\/.*\/node_modules\/fastest-levenshtein\//);
});
