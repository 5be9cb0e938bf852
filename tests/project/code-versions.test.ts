import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { ParserOptions } from "oxc-parser";
import { describe, expect, test, vi } from "vitest";
import { configOf, type TemporaryProject, temporaryProject } from "./temporary-project.ts";

const parsed = vi.hoisted(() => ({ times: 0 }));
vi.mock("oxc-parser", async (original) => {
  const parser = await original<typeof import("oxc-parser")>();
  const parseSync = (file: string, text: string, options?: ParserOptions) => {
    parsed.times += 1;
    return parser.parseSync(file, text, options);
  };
  return { ...parser, parseSync };
});

const zip = `import { asset, integer, string } from "#framework";
import * as units from "../lib/units.ts";
import { round as roundTo, unused } from "../lib/index.ts";
import { trim } from "pad";
import { createHash } from "node:crypto";
import { orders } from "./orders.ts";
import type { Row } from "../lib/row.ts";

const limit = 5;
const label: string = "zip";

class Counter {
  static readonly first = limit;
  #count = 0;
  next(): number {
    return (this.#count += 1);
  }
}

export const zip_index = asset.run("zip_index", {
  description: "Places by zip.",
  tags: ["geo"],
  inputs: { orders },
  columns: { zip: string(), n: integer() },
  config: { precision: 3 },
  async *run({ inputs, config, log }) {
    const counter = new Counter();
    const { a: renamed = units.metre } = { a: 1 };
    for await (const batch of inputs.orders.batches()) {
      for (const row of batch) {
        const roundUp = (limit: number): number => limit + 1;
        log(createHash("sha256").update(label).digest("hex"));
        yield { zip: trim(row.id), n: roundTo(counter.next() * renamed + roundUp(1), config.precision) };
      }
    }
  },
});
`;

const files = {
  "assets.config.ts": configOf({ "assets/orders.ts": ["orders", "late"], "assets/zip.ts": ["zip_index"] }),
  "assets/orders.ts": `import { asset, sql, string } from "#framework";
export const orders = asset.run("orders", {
  description: "Orders.",
  inputs: {},
  columns: { id: string() },
  async *run() {
    yield { id: "1" };
  },
});
export const late = asset.sql("late", {
  description: "Late orders.",
  inputs: { orders },
  columns: { id: string() },
  sql: ({ orders }) => sql\`
    select \${orders.id} from \${orders} -- all
    where \${orders.id} <> \${"x"}\`,
});
`,
  "assets/zip.ts": zip,
  "lib/index.ts": `export * from "./round.ts";\nexport { unused } from "./unused.ts";\n`,
  "lib/round.ts": `import { factor } from "./factor.ts";
export function round(value: number, digits = defaultDigits()): number {
  return Math.round(value * factor(digits)) / factor(digits);
}
function defaultDigits(): number {
  return 2;
}
export function roundDown(value: number): number {
  return Math.floor(value);
}
`,
  "lib/factor.ts": `import { roundDown } from "./round.ts";
export const factor = (digits: number): number => 10 ** roundDown(digits);
export const other = 1;
`,
  "lib/unused.ts": `export const unused = (): number => 1;\n`,
  "lib/units.ts": `export const metre = 1;\nexport const mile = 1609;\n`,
  "lib/row.ts": `export interface Row {\n  id: string;\n}\n`,
  "node_modules/pad/package.json": `{"name":"pad","version":"1.0.0","type":"module","main":"index.js"}`,
  "node_modules/pad/index.js": `export const trim = (text) => text;`,
  "package-lock.json": lock("1.0.0", "2.0.0"),
};

function lock(pad: string, inner: string): string {
  return JSON.stringify({
    lockfileVersion: 3,
    packages: {
      "": {},
      "node_modules/pad": { version: pad, dependencies: { inner: "*" } },
      "node_modules/inner": { version: inner },
      "node_modules/elsewhere": { version: "3.0.0" },
    },
  });
}

/** The assets whose code version an edit changes. */
async function changedBy(
  edit: (project: TemporaryProject) => void,
  start: Readonly<Record<string, string>> = files,
): Promise<readonly string[]> {
  const project = temporaryProject(start);
  const before = await project.versions();
  edit(project);
  const after = await project.versions();
  return Object.keys(after).filter((key) => after[key] !== before[key]);
}

const editing =
  (path: string, from: string, to: string) =>
  (project: TemporaryProject): void =>
    project.edit(path, from, to);

describe("no code version changes by", () => {
  test.each([
    ["a description", editing("assets/zip.ts", "Places by zip.", "Places.")],
    ["a tag", editing("assets/zip.ts", '["geo"]', '["geo", "core"]')],
    [
      "a group and an owner",
      editing("assets/zip.ts", "tags:", 'group: "g", owner: "o", timeout: "5m", tags:'),
    ],
    ["the config, which is hashed by itself", editing("assets/zip.ts", "precision: 3", "precision: 4")],
    ["a column, which is of the schema", editing("assets/zip.ts", "n: integer()", "n: integer().nullable()")],
    ["a comment", editing("assets/zip.ts", "const counter", "// counts\n    const counter")],
    ["layout", editing("assets/zip.ts", "new Counter();", "new Counter( /* none */ )\n")],
    ["layout of strings", editing("assets/zip.ts", '"sha256"', "'sha256'")],
    ["parentheses", editing("assets/zip.ts", "counter.next() * renamed", "(counter.next() * renamed)")],
    ["a type", editing("assets/zip.ts", "limit: number): number", "limit: 1 | 2): 2 | 3")],
    ["a cast", editing("assets/zip.ts", "trim(row.id)", "trim((row satisfies Row).id as string)!")],
    ["the type of a constant", editing("assets/zip.ts", "const label: string", "const label")],
    ["an interface", editing("lib/row.ts", "id: string", "id: string; n?: number")],
    ["an unused function of a module in use", editing("lib/factor.ts", "other = 1", "other = 2")],
    ["an unused function of another module", editing("lib/unused.ts", "=> 1", "=> 2")],
    [
      "the name of an import",
      (project: TemporaryProject) => {
        project.edit("assets/zip.ts", "round as roundTo", "round as roundOff");
        project.edit("assets/zip.ts", "roundTo(counter", "roundOff(counter");
      },
    ],
    [
      "a package that is not used",
      (project: TemporaryProject) => {
        const text = lock("1.0.0", "2.0.0").replace("3.0.0", "3.0.1");
        project.write("package-lock.json", text);
      },
    ],
    [
      "the order of declarations",
      (project: TemporaryProject) => {
        project.edit("lib/units.ts", "export const metre = 1;\n", "");
        project.edit("lib/units.ts", "1609;\n", "1609;\nexport const metre = 1;\n");
      },
    ],
    ["the TypeScript around a statement", editing("assets/orders.ts", '<> ${"x"}', "<> ${['x'].join(\"\")}")],
    ["a comment in a statement", editing("assets/orders.ts", "-- all", "-- every one")],
    ["layout of a statement", editing("assets/orders.ts", " -- all\n    where", "\n WHERE ")],
    ["the description of another asset", editing("assets/orders.ts", "Orders.", "All orders.")],
    [
      "lines of another system",
      (project: TemporaryProject) => {
        for (const path of ["assets/zip.ts", "lib/round.ts"] as const) {
          project.write(path, files[path].replaceAll("\n", "\r\n"));
        }
      },
    ],
    [
      "moving a helper to another module",
      (project: TemporaryProject) => {
        project.edit("lib/round.ts", "function defaultDigits(): number {\n  return 2;\n}\n", "");
        project.edit("lib/round.ts", "import", 'import { defaultDigits } from "./digits.ts";\nimport');
        project.write("lib/digits.ts", "export function defaultDigits(): number {\n  return 2;\n}\n");
      },
    ],
  ] as const)("%s", async (_, edit) => {
    expect(await changedBy(edit)).toEqual([]);
  });
});

describe("the code version of the asset alone changes by", () => {
  test.each([
    ["its own code", editing("assets/zip.ts", "limit + 1", "limit + 2")],
    ["a constant of its module", editing("assets/zip.ts", '"zip";', '"ZIP";')],
    ["a constant that a class of its module reads", editing("assets/zip.ts", "limit = 5", "limit = 6")],
    ["a method of a class", editing("assets/zip.ts", "+= 1", "+= 2")],
    ["a function of another module", editing("lib/round.ts", "Math.round", "Math.ceil")],
    ["a function that a default parameter calls", editing("lib/round.ts", "return 2", "return 3")],
    ["a function that is reached over two modules", editing("lib/factor.ts", "10 **", "2 **")],
    ["a function in a circle of modules", editing("lib/round.ts", "Math.floor", "Math.trunc")],
    ["an export of a module that is used whole", editing("lib/units.ts", "1609", "1610")],
    [
      "an export more of a module that is used whole",
      editing("lib/units.ts", "export const mile", "export const inch = 2;\nexport const mile"),
    ],
    ["a default value", editing("assets/zip.ts", "units.metre }", "units.mile }")],
    [
      "another function under the same name",
      editing("assets/zip.ts", "round as roundTo", "roundDown as roundTo"),
    ],
    [
      "another way through the modules to another function",
      editing(
        "lib/index.ts",
        'export * from "./round.ts"',
        "export const round = (a: number, b: number) => a",
      ),
    ],
    ["another function of the platform", editing("assets/zip.ts", '"node:crypto"', '"../lib/crypto.ts"')],
    [
      "a private field for a public one",
      (project: TemporaryProject) => {
        project.edit("assets/zip.ts", "#count = 0", "count = 0");
        project.edit("assets/zip.ts", "this.#count", "this.count");
      },
    ],
    [
      "the locked version of a package",
      (project: TemporaryProject) => project.write("package-lock.json", lock("1.0.1", "2.0.0")),
    ],
    [
      "the locked version of what a package uses",
      (project: TemporaryProject) => project.write("package-lock.json", lock("1.0.0", "2.0.1")),
    ],
    ["the installed version of a package", editing("node_modules/pad/package.json", "1.0.0", "1.0.1")],
    [
      "the installed version of what a package uses",
      (project: TemporaryProject) => {
        project.write("node_modules/inner/package.json", '{"name":"inner","version":"9.0.0"}');
        project.write(
          "node_modules/.package-lock.json",
          '{"packages":{"node_modules/inner":{"version":"9.0.0"}}}',
        );
      },
    ],
  ] as const)("%s", async (name, edit) => {
    const start = {
      ...files,
      "lib/crypto.ts": `export { createHash } from "node:crypto";\nexport const x = 1;\n`,
    };
    const changed = await changedBy(edit, start);
    // The way to a function of the platform is no part of it.
    expect(changed).toEqual(name === "another function of the platform" ? [] : ["zip_index"]);
  });

  test("its statement", async () => {
    expect(await changedBy(editing("assets/orders.ts", "<>", "="))).toEqual(["late"]);
    expect(await changedBy(editing("assets/orders.ts", '${"x"}', '${"y"}'))).toEqual(["late"]);
  });
});

test("a name that is declared inside does not reach the one outside", async () => {
  // limit is read by Counter too, so that a module without it is needed.
  const project = temporaryProject({
    "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
    "assets/a.ts": `import { asset, integer } from "#framework";
const outside = 1;
const seen = 2;
export const a = asset.run("a", {
  inputs: {},
  columns: { n: integer() },
  async *run() {
    const before = (() => seen)();
    for (const outside of [before]) yield { n: outside };
    { let outside = 4; outside += 1; }
    try { throw 1; } catch (outside) { void outside; }
    switch (before) { case 1: const outside = 3; void outside; }
    function inner(outside: number, { x: [seen] } = { x: [outside] }) { return seen + outside; }
    class Outside { outside = inner(1); static outside() { return Outside; } }
    void Outside;
    var late = 1;
    if (late) { var hoisted = 2; }
    yield { n: hoisted! };
  },
});
`,
  });
  const before = await project.versions();
  project.edit("assets/a.ts", "const outside = 1", "const outside = 9");
  expect(await project.versions()).toEqual(before);
  project.edit("assets/a.ts", "const seen = 2", "const seen = 9");
  expect(await project.versions()).not.toEqual(before);
});

test("a default value reads the outer name that the body declares again", async () => {
  const start = {
    "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
    "assets/a.ts": `import { asset, integer } from "#framework";
const outside = 1;
function f(n = outside): number {
  var outside = n;
  return outside;
}
export const a = asset.run("a", {
  inputs: {},
  columns: { n: integer() },
  async *run() {
    yield { n: f() };
  },
});
`,
  };
  expect(await changedBy(editing("assets/a.ts", "const outside = 1", "const outside = 2"), start)).toEqual([
    "a",
  ]);
});

test("a name that stands for a property and its value is followed", async () => {
  const start = {
    "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
    "assets/a.ts": `import { asset, integer } from "#framework";
import { n } from "../lib/n.ts";
const key = "other";
export const a = asset.run("a", {
  inputs: {},
  columns: { n: integer() },
  async *run() {
    const row = { n, [key]: 1, unrelated: 2 };
    yield { n: row.n };
  },
});
export const unrelated = 1;
`,
    "lib/n.ts": "export const n = 1;\n",
  };
  expect(await changedBy(editing("lib/n.ts", "1", "2"), start)).toEqual(["a"]);
  expect(await changedBy(editing("assets/a.ts", '"other"', '"another"'), start)).toEqual(["a"]);
  expect(await changedBy(editing("assets/a.ts", "unrelated = 1", "unrelated = 3"), start)).toEqual([]);
});

test("modules that are no ES modules count whole, with what they use", async () => {
  const start = {
    "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
    "assets/a.ts": `import { asset, string } from "#framework";
import data from "../lib/data.json";
import old from "../lib/old.cjs";
import other from "../lib/other.json";
export const unused = () => other;
export const a = asset.run("a", {
  inputs: {},
  columns: { n: string() },
  async *run() {
    yield { n: data.n + old };
  },
});
`,
    "lib/data.json": '{"n":"1"}',
    "lib/other.json": '{"n":"1"}',
    "lib/old.cjs": 'module.exports = require("./older.cjs");',
    "lib/older.cjs": "module.exports = 1;",
  };
  expect(await changedBy(editing("lib/data.json", "1", "2"), start)).toEqual(["a"]);
  expect(await changedBy(editing("lib/old.cjs", "require", " require"), start)).toEqual(["a"]);
  expect(await changedBy(editing("lib/older.cjs", "1", "2"), start)).toEqual(["a"]);
  expect(await changedBy(editing("lib/other.json", "1", "2"), start)).toEqual([]);
});

test("a module that run imports while it runs is followed", async () => {
  const start = {
    "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
    "assets/a.ts": `import { asset, integer } from "#framework";
export const a = asset.run("a", {
  inputs: {},
  columns: { n: integer() },
  async *run() {
    const { n } = await import("../lib/n.ts");
    yield { n };
  },
});
`,
    "lib/n.ts": "export const n = 1;\n",
  };
  expect(await changedBy(editing("lib/n.ts", "1", "2"), start)).toEqual(["a"]);
});

test("assets that one function makes share its code, and what differs is in config", async () => {
  const start = {
    "assets.config.ts": configOf({ "assets/all.ts": ["small", "large"] }),
    "assets/all.ts": `import { sized } from "../lib/sized.ts";
export const small = sized("small", 1);
export const large = sized("large", 2);
`,
    "lib/sized.ts": `import { asset, integer } from "#framework";
export function sized<const K extends string>(key: K, size: number) {
  return asset.run(key, {
    description: "Sized",
    inputs: {},
    columns: { n: integer() },
    config: { size },
    async *run({ config }) {
      yield { n: config.size };
    },
  });
}
`,
  };
  const project = temporaryProject(start);
  const { small, large } = await project.versions();
  expect(small).toBe(large);
  expect(await changedBy(editing("lib/sized.ts", "n: config.size", "n: config.size + 1"), start)).toEqual([
    "large",
    "small",
  ]);
  expect(await changedBy(editing("lib/sized.ts", "Sized", "Of a size"), start)).toEqual([]);
});

describe("loading a module with", () => {
  const start = (statement: string): Readonly<Record<string, string>> => ({
    "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
    "assets/a.ts": `import { asset, integer, source, string, table } from "#framework";
import { shop, tables, made, values } from "../lib/all.ts";
export const b = asset.from("b", shop.table(tables.b));
export const used = [made, values, string];
export const a = asset.run("a", { inputs: {}, columns: { n: integer() }, async *run() { yield { n: 1 }; } });
`,
    "lib/all.ts": `import { asset, integer, source, table } from "#framework";
export const shop = source("shop");
export const tables = { b: table("b", { columns: { n: integer().nullable() } }) };
const make = (key: string) => asset.from(key, shop.table(tables.b), { description: \`made \${label(key)}\` });
function label(key: string): string {
  let text = "";
  for (let i = 0; i < 2; i += 1) text = key;
  return text;
}
const shared = new Map<string, number>();
function remember(key: string): string {
  shared.set(key, 1);
  return key;
}
function again(n: number): number {
  return n === 0 ? 0 : again(n - 1);
}
class Kind { static label = "kind"; name = remember("a"); }
export const list = [tables.b];
export const made = [make, remember, again, Kind];
export const values = ${statement};
`,
  });

  test.each([
    [
      "definitions and values",
      '{ a: new Set([1]), b: tables.b.columns.n.type, c: 1 + 2, d: [..."ab"], e: `x` }',
    ],
    ["functions of the project that only give a value", '[make("x"), label("y")]'],
    [
      "harmless calls of the platform",
      'Object.freeze({ a: "a b".split(" "), b: Math.max(1, 2), c: JSON.parse("1") })',
    ],
    ["a class that does nothing yet", "class extends Kind { other = remember('b'); }"],
  ])("%s changes nothing", async (_, statement) => {
    expect(await changedBy(editing("lib/all.ts", statement, "0"), start(statement))).toEqual([]);
  });

  test.each([
    ["a function that changes what others see", 'remember("x")'],
    ["a call that cannot be known", "[1, 2].map((n) => shared.set(`${n}`, n))"],
    ["a function that calls itself", "again(3)"],
    ["a static block", "class { static { shared.clear(); } }"],
    ["an assignment", "((globalThis as { x?: number }).x = 1)"],
    ["a method of something shared", '[shared][0]?.set("k", 1)'],
    ["a new object of the project", "new Kind()"],
    ["a change of a list of the framework's values", "[made].concat(list.push(tables.b) as never)"],
    ["a function given to a list", "list.forEach(remember as never)"],
  ])("%s counts", async (_, statement) => {
    expect(await changedBy(editing("lib/all.ts", statement, "0"), start(statement))).toEqual(["a"]);
  });
});

describe("every function is stale by", () => {
  const start = {
    "assets.config.ts": `import "./lib/setup.ts";\nimport { rates } from "./lib/rates.ts";\n${configOf({
      "assets/a.ts": ["a", "sums"],
      "assets/b.ts": ["b"],
    })}rates.brl = 7;\n`,
    "assets/a.ts": `import { asset, integer, sql } from "#framework";
import "../lib/first.ts";
import "../lib/second.ts";
import "pad";
import { rates } from "../lib/rates.ts";
export const a = asset.run("a", { inputs: {}, columns: { n: integer() }, async *run() { yield { n: rates.brl }; } });
export const sums = asset.sql("sums", { inputs: { a }, columns: { n: integer() }, sql: ({ a }) => sql\`select \${a.n} from \${a}\` });
`,
    "assets/b.ts": `import { asset, integer } from "#framework";
export const b = asset.run("b", { description: "B", inputs: {}, columns: { n: integer() }, async *run() { yield { n: 1 }; } });
`,
    "lib/rates.ts": "export const rates = { brl: 5 };\n",
    "lib/first.ts": 'import { rates } from "./rates.ts";\nrates.brl = 1;\n',
    "lib/second.ts": 'import { rates } from "./rates.ts";\nrates.brl = 2;\n',
    "lib/setup.ts": `(String.prototype as unknown as { shout: unknown }).shout = () => "A";
(globalThis as { rate?: number }).rate = 1;
export const unused = 1;
export const also = [globalThis, delete (globalThis as { old?: 1 }).old];
`,
    "node_modules/pad/package.json": `{"name":"pad","version":"1.0.0","type":"module","main":"index.js"}`,
    "node_modules/pad/index.js": "export const trim = (text) => text;",
    "package-lock.json": lock("1.0.0", "2.0.0"),
  };

  test.each([
    ["what the config does when it is loaded", editing("assets.config.ts", "brl = 7", "brl = 8")],
    ["a method given to all texts, elsewhere", editing("lib/setup.ts", '"A"', '"B"')],
    ["a global set elsewhere", editing("lib/setup.ts", "rate = 1", "rate = 2")],
    ["a global deleted elsewhere", editing("lib/setup.ts", ").old", ").older")],
    [
      "the order of imports that do something",
      (project: TemporaryProject) => {
        project.edit("assets/a.ts", "first.ts", "third.ts");
        project.edit("assets/a.ts", "second.ts", "first.ts");
        project.edit("assets/a.ts", "third.ts", "second.ts");
      },
    ],
    [
      "the locked version of a package that is imported without names",
      (project: TemporaryProject) => project.write("package-lock.json", lock("1.0.1", "2.0.0")),
    ],
  ] as const)("%s", async (_, edit) => {
    expect(await changedBy(edit, start)).toEqual(["a", "b"]);
  });

  test.each([
    [
      "the name of a file that does something",
      (project: TemporaryProject) => {
        project.write("lib/zero.ts", start["lib/second.ts"]);
        project.remove("lib/second.ts");
        project.edit("assets/a.ts", "second.ts", "zero.ts");
      },
    ],
    ["an unused value beside it", editing("lib/setup.ts", "unused = 1", "unused = 2")],
    ["the description of another asset", editing("assets/b.ts", '"B"', '"Bee"')],
  ] as const)("but not by %s", async (_, edit) => {
    expect(await changedBy(edit, start)).toEqual([]);
  });
});

describe("a diagnostic tells of", () => {
  const faultsOf = (zipEdit: readonly [string, string], more: Readonly<Record<string, string>> = {}) => {
    const project = temporaryProject({ ...files, ...more });
    project.edit("assets/zip.ts", ...zipEdit);
    return project.codeFaults();
  };

  test("a name that is declared nowhere, in whatever module", async () => {
    const faults = await faultsOf(["limit + 1", "limit + globalOffset"], {
      "lib/unused.ts": "export const unused = (): number => notThere;\n",
      "lib/factor.ts": files["lib/factor.ts"].replace("10 **", "base **"),
    });
    expect(faults).toMatchInlineSnapshot(`
      [
        "code-free-name assets/zip.ts:31:60
      zip_index: run reaches \`globalOffset\`, which is declared nowhere
      import it, or declare it at the top of the module",
        "code-free-name lib/factor.ts:2:51
      zip_index: run reaches \`base\`, which is declared nowhere
      import it, or declare it at the top of the module",
      ]
    `);
  });

  test("a name that is only asked for with typeof is fine", async () => {
    expect(await faultsOf(["limit + 1", 'limit + (typeof window === "undefined" ? 1 : 2)'])).toEqual([]);
  });

  test("a module whose name is computed", async () => {
    expect(
      await faultsOf(["const counter", "await import(`../lib/${label}.ts`);\n    const counter"]),
    ).toMatchInlineSnapshot(`
      [
        "code-free-name assets/zip.ts:27:11
      zip_index: run imports a module whose name is computed
      write the name of the module as a plain text, so that it is known what code runs",
      ]
    `);
  });

  test("an asset that is used as a value", async () => {
    expect(await faultsOf(["limit + 1", "limit + orders.tags.length"])).toMatchInlineSnapshot(`
      [
        "code-helper-in-asset-module assets/zip.ts:31:60
      zip_index: run uses the asset orders as a value
      read it through an input: \`inputs: { orders }\`; move what else is needed to a module without assets",
      ]
    `);
  });

  test("a helper of a module that defines assets, even through another module", async () => {
    expect(
      await faultsOf(["limit + 1", "limit + handed()"], {
        "assets/orders.ts": `${files["assets/orders.ts"]}export const helper = (): number => 1;\n`,
        "lib/index.ts": `${files["lib/index.ts"]}export { helper as handed } from "../assets/orders.ts";\n`,
        "assets/zip.ts": zip.replace("round as roundTo", "handed, round as roundTo"),
      }),
    ).toMatchInlineSnapshot(`
      [
        "code-helper-in-asset-module assets/zip.ts:31:60
      zip_index: run uses \`handed\` of assets/orders.ts, which defines assets
      move it to a module without assets; a module that defines assets exports assets and types",
      ]
    `);
  });

  test("all of a module that defines assets", async () => {
    const faults = await faultsOf(["limit + 1", "limit + Object.keys(all).length"], {
      "assets/zip.ts": zip.replace("import type", 'import * as all from "./orders.ts";\nimport type'),
    });
    expect(faults).toMatchInlineSnapshot(`
      [
        "code-helper-in-asset-module assets/zip.ts:32:72
      zip_index: run uses \`all\` of assets/orders.ts, which defines assets
      move it to a module without assets; a module that defines assets exports assets and types",
      ]
    `);
  });

  test("a value that a function around it closes over", async () => {
    const project = temporaryProject({
      "assets.config.ts": configOf({ "assets/all.ts": ["small", "large"] }),
      "assets/all.ts": `import { asset, integer } from "#framework";
function sized<const K extends string>(key: K, size: number) {
  const twice = () => size * 2;
  return asset.run(key, {
    inputs: {},
    columns: { n: integer() },
    async *run() {
      yield { n: size };
      yield { n: twice() };
    },
  });
}
export const small = sized("small", 1);
const [large] = [2].map((size) => asset.run("large", { inputs: {}, columns: { n: integer() }, async *run() { yield { n: size }; } }));
if (!large) throw new Error();
export { large };
`,
    });
    expect(await project.codeFaults()).toMatchInlineSnapshot(`
      [
        "code-captured-value assets/all.ts:14:121
      large: run uses \`size\` of the code around it, whose value no code version can tell
      give it to run by config: \`config: { size }\`, and read it there; a function belongs at the top of its module",
        "code-captured-value assets/all.ts:8:18
      small: run uses \`size\` of the code around it, whose value no code version can tell
      give it to run by config: \`config: { size }\`, and read it there; a function belongs at the top of its module",
        "code-captured-value assets/all.ts:9:18
      small: run uses \`twice\` of the code around it, whose value no code version can tell
      give it to run by config: \`config: { twice }\`, and read it there; a function belongs at the top of its module",
      ]
    `);
  });

  test("a run that reads this", async () => {
    expect(await faultsOf(["limit + 1", "limit + Object.keys(this).length"])).toMatchInlineSnapshot(`
      [
        "code-captured-value assets/zip.ts:31:72
      zip_index: run uses \`this\` of the code around it, whose value no code version can tell
      read what run is given: inputs, config, signal, log",
      ]
    `);
  });

  test.each([
    ["this", "this.size"],
    ["this", "(() => () => this.size)()()"],
    ["super", "super.size()"],
    ["new.target", "new.target ? 1 : 2"],
  ])("an arrow that reads the %s of what stands around it: %s", async (name, value) => {
    const project = temporaryProject({
      "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
      "assets/a.ts": `import { asset, integer } from "#framework";
class Base { size() { return 1; } }
class Maker extends Base {
  constructor() { super(); }
  make() { return asset.run("a", { inputs: {}, columns: { n: integer() }, run: () => [{ n: ${value} }] as never }); }
}
export const a = new Maker().make();
`,
    });
    expect((await project.codeFaults()).join()).toContain(`code-captured-value assets/a.ts:5`);
    expect((await project.codeFaults()).join()).toContain(`a: run uses \`${name}\` of the code around it`);
  });

  test("no arrow at the top of a module, and no function in an arrow, that has a this of its own", async () => {
    const project = temporaryProject({
      "assets.config.ts": configOf({ "assets/a.ts": ["a", "b"] }),
      "assets/a.ts": `import { asset, integer } from "#framework";
const made = () => asset.run("a", { inputs: {}, columns: { n: integer() }, run: () => [{ n: String(this) }] as never });
export const a = made();
class Maker {
  make() { return asset.run("b", { inputs: {}, columns: { n: integer() }, run: () => [new (class { n = 1; m() { return this.n; } })()] as never }); }
}
export const b = new Maker().make();
`,
    });
    expect(await project.codeFaults()).toEqual([]);
  });

  test("a run that may be replaced by a computed name", async () => {
    const project = temporaryProject({
      "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
      "assets/a.ts": `import { asset, integer } from "#framework";
export const a = asset.run("a", { inputs: {}, columns: { n: integer() }, async *run() { yield { n: 1 }; }, ["run"]: async function* () { yield { n: 2 }; } } as never);
`,
    });
    expect((await project.codeFaults()).join()).toContain("its run cannot be seen");
  });

  test("a run that is not written at the call", async () => {
    const project = temporaryProject({
      "assets.config.ts": configOf({ "assets/a.ts": ["a", "b"] }),
      "assets/a.ts": `import { asset, integer } from "#framework";
const options = { inputs: {}, columns: { n: integer() }, async *run() { yield { n: 1 }; } };
export const a = asset.run("a", options);
export const b = asset.run("b", { async *run() { yield { n: 2 }; }, ...options });
`,
    });
    expect(await project.codeFaults()).toMatchInlineSnapshot(`
      [
        "code-free-name assets/a.ts:3:24
      a: its run cannot be seen where the asset is defined
      write \`run\` among the options, in the call of asset.run itself and after anything spread into them",
        "code-free-name assets/a.ts:4:24
      b: its run cannot be seen where the asset is defined
      write \`run\` among the options, in the call of asset.run itself and after anything spread into them",
      ]
    `);
  });
});

describe("what was found is kept:", () => {
  const parses = async (work: () => Promise<unknown>): Promise<number> => {
    const before = parsed.times;
    await work();
    return parsed.times - before;
  };

  test("a project that has not changed is not parsed, an edited file alone is", async () => {
    const project = temporaryProject(files);
    const before = await project.versions();
    expect(await parses(() => project.versions())).toBe(0);
    project.edit("lib/round.ts", "return 2", "return 3");
    expect(await parses(() => project.versions())).toBe(1);
    project.edit("lib/round.ts", "return 3", "return 2");
    await project.versions();
    expect(await project.versions()).toEqual(before);
  });

  test("diagnostics are found again without parsing", async () => {
    const project = temporaryProject(files);
    project.edit("assets/zip.ts", "limit + 1", "limit + nothing");
    const before = await project.codeFaults();
    expect(before).toHaveLength(1);
    let after: readonly string[] = [];
    expect(await parses(async () => (after = await project.codeFaults()))).toBe(0);
    expect(after).toEqual(before);
  });

  test.each(["code-versions.json", "modules.json"])("a damaged %s is made again", async (name) => {
    const project = temporaryProject(files);
    const before = await project.versions();
    const file = join(project.root, ".assets/cache/project", name);
    truncateSync(file, 40);
    expect(await project.versions()).toEqual(before);
    rmSync(join(project.root, ".assets/cache/project/modules.json"));
    rmSync(join(project.root, ".assets/cache/project/code-versions.json"));
    expect(await project.versions()).toEqual(before);
  });

  test("a project gives the same versions in another folder", async () => {
    expect(await temporaryProject(files).versions()).toEqual(await temporaryProject(files).versions());
  });
});

test("a tarball with other content is another package, though its version is the same", async () => {
  const lockOf = (integrity: string): string =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: { "": {}, "node_modules/pad": { version: "1.0.0", resolved: "file:pad.tgz", integrity } },
    });
  const start = { ...files, "package-lock.json": lockOf("sha512-one") };
  const edit = (project: TemporaryProject): void => project.write("package-lock.json", lockOf("sha512-two"));
  expect(await changedBy(edit, start)).not.toEqual([]);
});

test.each([
  ["by a loop", "for (rate of [1]) break;"],
  ["by a loop over what another has hold of", "for (rates.brl of [1]) break;"],
  ["beside a block that declares the same name", "{ const rate = 0; void rate; }\n  rate = 1;"],
])("a function that changes its module %s when it is loaded counts", async (_name, body) => {
  const start = {
    "assets.config.ts": configOf({ "assets/a.ts": ["a"] }),
    "assets/a.ts": `import { asset, integer } from "#framework";
import { current } from "../lib/rate.ts";
export const a = asset.run("a", {
  inputs: {},
  columns: { n: integer() },
  async *run() {
    yield { n: current() };
  },
});
`,
    "lib/rate.ts": `let rate = 0;
const rates = { brl: 0 };
function change() {
  ${body}
}
const changed = change();
export const current = () => rate + rates.brl;
`,
  };
  const last = body.lastIndexOf("1");
  const other = `${body.slice(0, last)}2${body.slice(last + 1)}`;
  expect(await changedBy(editing("lib/rate.ts", body, other), start)).toEqual(["a"]);
});
