import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssetState } from "../../framework/definition/asset-state.ts";
import type { Check, CheckOutcome } from "../../framework/definition/check.ts";
import type { ColumnType } from "../../framework/definition/column.ts";
import type { DiagnosticCode } from "../../framework/definition/diagnostic.ts";
import type { Failure } from "../../framework/definition/failure.ts";
import type { AssetKind, MakingSpec } from "../../framework/graph/asset-spec.ts";
import type { Make, PlannedCheck, Reason, StepGroup } from "../../framework/plan/plan.ts";
import type { StepState } from "../../framework/report/run-view.ts";
import type { EventBody } from "../../framework/run/event.ts";
import { framework, type ProjectRig } from "../rig/project-rig.ts";
import { createShop, shopFiles } from "../rig/shop-project.ts";
import { readShapes } from "./json-shapes.ts";
import { readPage } from "./page-tables.ts";

const shapes = readShapes(readPage("json.md"));

/** A function asset that has, does and says what the small shop lacks: every type of column, a policy, a log, a retry. */
const lab = `import { existsSync, writeFileSync } from "node:fs";
import { asset, bigint, boolean, date, decimal, double, integer, string, timestamp } from ${JSON.stringify(framework)};
import { orders } from "./shop.ts";
export const lab = asset.run("lab", {
  description: "One of each.",
  group: "lab",
  tags: ["odd"],
  owner: "ana",
  inputs: { orders },
  columns: {
    a: string({ length: 8 }), b: integer().describe("A number."), c: bigint(), d: decimal(4, 1), e: double(),
    f: boolean().nullable(), g: date(), h: timestamp(),
  },
  unique: [["a", "b"]],
  timeout: "1m",
  retry: { times: 1, wait: "1ms" },
  pool: "slow",
  async *run({ log }) {
    log("hello");
    if (!existsSync("tried")) {
      writeFileSync("tried", "");
      throw new Error("the first time fails");
    }
    yield { a: "a", b: 1, c: 1n, d: "1.5", e: 0.5, f: null, g: "2018-10-17", h: 0n };
  },
});
`;

let rig: ProjectRig;
const printed: { readonly shape: string; readonly command: string; readonly value: unknown }[] = [];

/** Runs a command with --json, and keeps each line (or the one document) that it prints as being of a shape. */
async function keep(shape: string, ...words: readonly string[]): Promise<void> {
  const { stdout, stderr } = await rig.run(...words, "--json");
  const command = `${words.join(" ")}${stderr}`;
  for (const text of shape === "event" ? stdout.trim().split("\n") : [stdout]) {
    printed.push({ shape, command, value: JSON.parse(text) });
  }
}

beforeAll(async () => {
  const project = (shopFiles["assets/project.ts"] ?? "")
    .replace("big_orders]", "big_orders, lab]")
    .replace("import { paid_orders", 'import { lab } from "./lab.ts";\nimport { paid_orders');
  rig = await createShop({ "assets/lab.ts": lab, "assets/project.ts": project });

  await Promise.all([
    keep("plan", "plan"),
    keep("list", "list"),
    keep("explain", "explain", "revenue"),
    keep("show", "show", "orders"),
    keep("runs", "runs"),
    keep("graph", "graph"),
  ]);
  await keep("event", "materialize");
  await Promise.all([
    keep("nothing", "materialize"),
    ...["orders", "revenue", "lab"].map((asset) => keep("show", "show", asset)),
    keep("plan", "plan", "--select", "revenue", "--force"),
    keep("list", "list", "--select", "lab"),
    keep("rows", "query", "select *, null as n from orders"),
  ]);

  // A source that changed, a check that fails, and what is skipped for it.
  await rig.edit("data/customers.csv", "c2,RJ", "c2,RJ\nc1,MG");
  await rig.edit("data/orders.csv", "o4,c2", "o4,c9");
  await Promise.all([keep("plan", "plan"), keep("explain", "explain", "orders")]);
  await keep("event", "materialize");
  await Promise.all([keep("runs", "runs"), keep("list", "list", "--select", "state:failed")]);

  // A foreign key that only warns.
  await rig.edit("data/customers.csv", "\nc1,MG", "");
  await rig.edit(
    "assets/tables.ts",
    "(t.customers.customer_id)",
    '(t.customers.customer_id, { severity: "warning" })',
  );
  await keep("event", "materialize");
  await keep("show", "show", "orders");

  // Other code, config, columns, inputs and checks; a foreign key whose other side changed.
  await rig.edit("data/customers.csv", "c2,RJ", "c2,RJ\nc9,MG");
  await rig.run("materialize", "--select", "customers");
  await rig.edit("assets/tables.ts", '["paid", "open"]', '["paid", "open", "lost"]');
  await rig.edit("assets/paid_orders.ts", "where", "where 1 = 1 and");
  await rig.edit("assets/big_orders.ts", "least: 20", "least: 30");
  await rig.edit("assets/big_orders.ts", "inputs: { paid_orders }", "inputs: { customers, paid_orders }");
  await rig.edit(
    "assets/big_orders.ts",
    "import { paid",
    'import { customers } from "./shop.ts";\nimport { paid',
  );
  await rig.edit("assets/lab.ts", "inputs: { orders }", "inputs: {}");
  await rig.edit("assets/lab.ts", "a: string({ length: 8 })", "a: string()");
  await rig.edit("assets/lab.ts", '[["a", "b"]]', '[["a", "b"], ["b"]]');
  await keep("plan", "plan");
  await keep("event", "materialize");
  await rig.edit("assets/lab.ts", '["a", "b"], ["b"]', '["a", "b"], ["b"], ["c"]');
  await keep("plan", "plan", "--select", "lab");
  await rig.edit("assets/paid_orders.ts", '"paid"', '"open"');
  await rig.run("materialize");
  await rig.edit("assets/paid_orders.ts", '"open"', '"paid"');
  await keep("plan", "plan");
  await keep("event", "materialize");

  // What keeps a command from its work.
  await Promise.all([
    keep("error", "plan", "--select", "order"),
    keep("error", "query", "select nothing from nowhere"),
  ]);
  await rig.edit("assets/paid_orders.ts", "status}", "statu}");
  await keep("error", "plan");
  await rig.edit("assets/paid_orders.ts", "statu}", "status}");
  await rig.edit("data/orders.csv", "order_id,", "order,");
  await keep("event", "materialize");
  await rig.edit("data/orders.csv", "order,", "order_id,");
  await rig.edit("data/orders.csv", "10.00", "10,00");
  await keep("event", "materialize");
  await rm(join(rig.folder, "data/orders.csv"));
  await keep("error", "plan");
  await rig.write(".env", "ASSETS_LAKE=assets.config.ts\n");
  await keep("error", "runs");
  await rig.write(".env", "");
  await rig.edit("assets.config.ts", "variables.SAMPLE", "!variables.SAMPLE");
  await keep("error", "plan");
  const environments = join(".assets", "lake", "environments");
  const [last = ""] = (await readdir(join(rig.folder, environments))).sort().reverse();
  await rig.edit(join(environments, last), '"formatVersion":1', '"formatVersion":2');
  await keep("error", "plan");
  await rig.write(join(environments, last), "no JSON");
  await keep("error", "plan");
  // Some forty commands, on a machine that may be busy with other tests.
}, 300_000);
afterAll(() => rig.remove());

describe("docs/json.md says all that is printed, and nothing else, of", () => {
  it.each(["plan", "list", "explain", "show", "graph", "runs", "rows", "nothing", "event", "error"])(
    "%s",
    (shape) => {
      const of = printed.filter((line) => line.shape === shape);
      expect(of.length).toBeGreaterThan(0);
      const faults = of.flatMap(({ command, value }) =>
        shapes.faults(shape, value).map((fault) => `${command}: ${fault}`),
      );
      expect(faults).toEqual([]);
    },
  );

  it("every field, each of which was seen but for those that need luck or an accident", () => {
    for (const { shape, value } of printed) shapes.faults(shape, value);
    const rare = new Set([
      "event failure? (run.ended)",
      "event rows (step.progressed)",
      "failure assets[] (publish-conflict)",
      "failure checks[] (check-not-evaluated)",
      "failure engine (engine-failed)",
      "failure afterMs (timed-out)",
      "failure upstream[] (upstream-failed)",
      "reason from (engine-changed)",
      "reason to (engine-changed)",
      "reason check (check-failed-last-time)",
      "event readMoved[] (run.published)",
    ]);
    expect(shapes.unseen().filter((field) => !rare.has(field))).toEqual([]);
  });
});

describe("docs/json.md lists every value of", () => {
  // Each a record over a type of the code, so that a value that is added there does not compile here.
  const values: Readonly<Record<string, Readonly<Record<string, true>>>> = {
    "kind ": {
      copy: true,
      sql: true,
      function: true,
      load: true,
      effect: true,
      "dbt-model": true,
      "dbt-seed": true,
      "dbt-snapshot": true,
    } satisfies Record<AssetKind, true>,
    "state ": {
      new: true,
      modified: true,
      stale: true,
      fresh: true,
      missing: true,
      failed: true,
    } satisfies Record<AssetState, true>,
    "step state ": {
      fresh: true,
      waiting: true,
      running: true,
      made: true,
      reused: true,
      unchanged: true,
      failed: true,
      skipped: true,
    } satisfies Record<StepState, true>,
    "making kind": { copy: true, sql: true, function: true } satisfies Record<MakingSpec["kind"], true>,
    "make do": { run: true, reuse: true, fresh: true, "if-changed": true } satisfies Record<Make["do"], true>,
    "planned check do": { run: true, fresh: true, "if-changed": true } satisfies Record<
      PlannedCheck["do"],
      true
    >,
    "plan groups[].mode": { single: true, atomic: true, streaming: true } satisfies Record<
      StepGroup["mode"],
      true
    >,
    "column type kind": {
      string: true,
      int32: true,
      int64: true,
      decimal: true,
      double: true,
      boolean: true,
      date: true,
      timestamp: true,
    } satisfies Record<ColumnType["kind"], true>,
    "check kind": {
      "not-null": true,
      unique: true,
      "accepted-values": true,
      "foreign-key": true,
    } satisfies Record<Check["kind"], true>,
    "outcome status": { passed: true, failed: true } satisfies Record<CheckOutcome["status"], true>,
    "reason because": {
      "never-made": true,
      forced: true,
      "code-changed": true,
      "config-changed": true,
      "schema-changed": true,
      "engine-changed": true,
      "source-changed": true,
      "input-changed": true,
      "input-added": true,
      "input-removed": true,
      "input-may-change": true,
      "check-added": true,
      "check-changed": true,
      "check-failed-last-time": true,
      "reference-changed": true,
    } satisfies Record<Reason["because"], true>,
    "event type": {
      "run.planned": true,
      "run.started": true,
      "run.published": true,
      "run.ended": true,
      "step.started": true,
      "step.progressed": true,
      "step.logged": true,
      "step.retried": true,
      "step.made": true,
      "step.reused": true,
      "step.skipped": true,
      "step.failed": true,
      "check.passed": true,
      "check.warned": true,
      "check.failed": true,
      "check.not-evaluated": true,
    } satisfies Record<EventBody["type"], true>,
    "failure reason": {
      usage: true,
      "asset-not-found": true,
      "selection-invalid": true,
      "selection-empty": true,
      "definitions-invalid": true,
      "config-invalid": true,
      "resource-missing": true,
      "lake-unusable": true,
      "lake-corrupt": true,
      "format-unknown": true,
      "sample-over-real": true,
      "source-unreachable": true,
      "source-changed-shape": true,
      "source-row-invalid": true,
      "engine-failed": true,
      "function-threw": true,
      "row-invalid": true,
      "check-failed": true,
      "check-not-evaluated": true,
      "timed-out": true,
      cancelled: true,
      "upstream-failed": true,
      "publish-conflict": true,
      "disk-full": true,
    } satisfies Record<Failure["reason"], true>,
    "diagnostic code ": {
      "config-not-found": true,
      "config-invalid": true,
      "module-not-loaded": true,
      "key-invalid": true,
      "key-duplicate": true,
      "asset-unknown": true,
      "reference-unknown": true,
      "column-name-invalid": true,
      "column-unknown": true,
      "column-declaration-invalid": true,
      "policy-invalid": true,
      "config-not-plain": true,
      "input-unknown": true,
      "input-cycle": true,
      "reference-ambiguous": true,
      "reference-invalid": true,
      "resource-missing": true,
      "resource-invalid": true,
      "sql-parameter-invalid": true,
      "sql-invalid": true,
      "sql-column-missing": true,
      "sql-column-undeclared": true,
      "sql-column-type": true,
      "code-free-name": true,
      "code-captured-value": true,
      "code-helper-in-asset-module": true,
    } satisfies Record<DiagnosticCode, true>,
  };

  it.each(Object.keys(values))("%s", (place) => {
    const at = place.lastIndexOf(" ");
    const listed = shapes.literals(place.slice(0, at), place.slice(at + 1));
    expect([...listed].sort()).toEqual(Object.keys(values[place] ?? {}).sort());
  });
});
