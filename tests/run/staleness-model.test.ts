import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { type Asset, asset, defineProject, integer, source, sql, table } from "../../framework/index.ts";
import { readManifest } from "../../framework/lake/versions.ts";
import { type ControlledSource, controlledSource, unreachable } from "../rig/controlled-source.ts";
import {
  createRunRig,
  expectValue,
  type RigProject,
  type RigRun,
  type Row,
  type RunRig,
} from "../rig/run-rig.ts";
import { type TinyEngine, tinyEngine } from "../rig/tiny-engine.ts";
import { planned, plannedChecks } from "../rig/told.ts";

/*
 * Random graphs, edits, partial selections and failures, against a model that knows nothing of fingerprints: what an asset
 * holds is worked out from its declaration and the rows it reads, and what was worked out before is kept in a list.
 */

/** One asset of a random graph; its inputs are among those before it. */
interface Declared {
  readonly kind: "copy" | "sql" | "function";
  readonly inputs: readonly number[];
  readonly salt: number;
  /** Another way to say the same: other code, equal rows in another order. */
  readonly layout: number;
}

type Command =
  | { readonly do: "edit"; readonly index: number; readonly salt: number; readonly layout: number }
  | { readonly do: "rewire"; readonly index: number; readonly input: number }
  | { readonly do: "source"; readonly index: number; readonly value: number; readonly layout: number }
  | {
      readonly do: "run";
      readonly selected: readonly boolean[];
      readonly failing: readonly boolean[];
      readonly environment: "dev" | "other";
      readonly concurrency: number;
    };

const size = 6;
const columns = { v: integer() };

const declared: fc.Arbitrary<Declared> = fc.record({
  kind: fc.constantFrom("copy", "sql", "sql", "function"),
  inputs: fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }),
  salt: fc.nat(2),
  layout: fc.nat(1),
});
const graph = fc.array(declared, { minLength: 1, maxLength: size }).map((all) =>
  all.map(({ inputs, ...of }, index) => ({
    ...of,
    inputs: inputs.filter((input) => input < index).sort(),
  })),
);
const often = (weight: number): fc.Arbitrary<boolean> => fc.nat(9).map((number) => number < weight);
const run: fc.Arbitrary<Command> = fc.record({
  do: fc.constant("run" as const),
  selected: fc.oneof(
    { weight: 1, arbitrary: fc.constant(Array.from({ length: size }, () => true)) },
    { weight: 1, arbitrary: fc.array(often(6), { minLength: size, maxLength: size }) },
  ),
  failing: fc.array(often(1), { minLength: size, maxLength: size }),
  environment: fc.constantFrom("dev", "dev", "dev", "other"),
  concurrency: fc.integer({ min: 1, max: 4 }),
});
const edit: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant("edit" as const),
    index: fc.nat(size - 1),
    salt: fc.nat(2),
    layout: fc.nat(1),
  }),
  fc.record({ do: fc.constant("rewire" as const), index: fc.nat(size - 1), input: fc.nat(size - 1) }),
  fc.record({
    do: fc.constant("source" as const),
    index: fc.nat(size - 1),
    value: fc.nat(2),
    layout: fc.nat(1),
  }),
);
const commands = fc.array(fc.oneof({ weight: 2, arbitrary: run }, { weight: 3, arbitrary: edit }), {
  minLength: 1,
  maxLength: 12,
});

function keyAt(index: number): string {
  return `a${index}`;
}

/** The rows that an asset makes of the rows of its inputs. Few values, so that different ways lead to equal rows. */
function rowsMade(salt: number, layout: number, inputs: readonly (readonly Row[])[]): readonly Row[] {
  const sums = inputs.map((rows) => rows.reduce((sum, { v }) => sum + Number(v), 0));
  const value = sums.reduce((sum, of, index) => sum + (index + 1) * of, salt) % 3;
  return inOrder([{ v: value }, { v: value + 10 }], layout);
}

function sourceRows(value: number, layout: number): readonly Row[] {
  return inOrder([{ v: value }, { v: 5 }], layout);
}

function inOrder(rows: readonly Row[], layout: number): readonly Row[] {
  return layout === 0 ? rows : [...rows].reverse();
}

/** Equal rows in whatever order. */
function dataOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.map(({ v }) => Number(v)).sort((a, b) => a - b));
}

interface World {
  graph: Declared[];
  readonly tables: Map<number, { value: number; layout: number }>;
  readonly shop: ControlledSource;
  readonly engine: TinyEngine;
  readonly rig: RunRig;
  /** What each environment holds: the work that gave it, and its rows. */
  readonly published: Map<string, Map<number, Made>>;
  /** All work ever done, by its name. */
  readonly done: Map<string, readonly Row[]>;
}

interface Made {
  readonly work: string;
  readonly rows: readonly Row[];
}

function projectOf({ graph, shop }: Pick<World, "graph" | "shop">): RigProject {
  const from = source("shop");
  const assets: Asset<string, typeof columns>[] = [];
  const code: Record<string, string> = {};
  for (const [index, { inputs, kind, layout, salt }] of graph.entries()) {
    const key = keyAt(index);
    const named = Object.fromEntries(
      inputs.flatMap((input) => {
        const of = assets[input];
        return of ? [[keyAt(input), of]] : [];
      }),
    );
    if (kind === "copy") {
      assets.push(asset.from(key, from.table(table(key, { columns }))));
    } else if (kind === "sql") {
      const statement = sql.raw(`${salt} ${layout}`);
      assets.push(asset.sql(key, { inputs: named, columns, sql: () => sql`${statement}` }));
    } else {
      code[key] = `${salt} ${layout}`;
      assets.push(
        asset.run(key, {
          inputs: named,
          columns,
          async *run({ inputs }) {
            const read: Row[][] = [];
            for (const name of Object.keys(inputs).sort()) {
              const rows: Row[] = [];
              for await (const batch of inputs[name]?.batches() ?? []) rows.push(...batch);
              read.push(rows);
            }
            yield* rowsMade(salt, layout, read) as Generator<{ v: number }> & readonly Row[];
          },
        }),
      );
    }
  }
  return { project: defineProject({ name: "random", assets }), sources: { shop }, code };
}

async function createWorld(graph: readonly Declared[]): Promise<World> {
  const tables = new Map(graph.map((_, index) => [index, { value: 0, layout: 0 }]));
  const shop = controlledSource({});
  const engine = tinyEngine((statement, relations) => {
    const [salt = 0, layout = 0] = statement.split(" ").map(Number);
    const read = Object.keys(relations)
      .sort()
      .map((name) => relations[name] ?? []);
    return rowsMade(salt, layout, read);
  });
  const world = { graph: [...graph], tables, shop, engine, published: new Map(), done: new Map() };
  setTables(world);
  return { ...world, rig: await createRunRig(engine, projectOf(world)) };
}

function setTables({ shop, tables }: Pick<World, "shop" | "tables">): void {
  for (const [index, { value, layout }] of tables)
    shop.set(keyAt(index), { rows: sourceRows(value, layout) });
}

/** What a run must come to, by the model: it goes through the assets in order, and looks up or works out each. */
function expectedRun(world: World, command: Extract<Command, { readonly do: "run" }>) {
  const { done, graph, tables } = world;
  const environment = world.published.get(command.environment) ?? new Map<number, Made>();
  const settled = new Map<number, Made>();
  const ends: Record<string, "made" | "reused" | "failed" | "skipped"> = {};
  let refused = false;
  for (const [index, of] of graph.entries()) {
    if (command.selected[index] !== true) continue;
    const key = keyAt(index);
    const inputs = of.kind === "copy" ? [] : of.inputs;
    if (inputs.some((input) => command.selected[input] !== true && !environment.has(input))) refused = true;
    if (inputs.some((input) => command.selected[input] === true && !settled.has(input))) {
      ends[key] = "skipped";
      continue;
    }
    const read = inputs.map((input) => (settled.get(input) ?? environment.get(input))?.rows ?? []);
    const table = tables.get(index) ?? { value: 0, layout: 0 };
    const name =
      of.kind === "copy"
        ? ["copy", dataInOrder(sourceRows(table.value, table.layout))]
        : [of.kind, of.salt, of.layout, ...inputs.map((input, at) => [input, dataOf(read[at] ?? [])])];
    const work = JSON.stringify([key, ...name]);
    const before = environment.get(index);
    const known = done.get(work);
    if (before?.work === work) settled.set(index, before);
    else if (known) {
      settled.set(index, { work, rows: known });
      ends[key] = "reused";
    } else if (command.failing[index] === true) ends[key] = "failed";
    else {
      const rows =
        of.kind === "copy" ? sourceRows(table.value, table.layout) : rowsMade(of.salt, of.layout, read);
      done.set(work, rows);
      settled.set(index, { work, rows });
      ends[key] = "made";
    }
  }
  return { ends, environment, refused, settled };
}

// The token of a source is of its content as it stands, so that another order is another token.
function dataInOrder(rows: readonly Row[]): string {
  return JSON.stringify(rows);
}

async function runBoth(world: World, command: Extract<Command, { readonly do: "run" }>): Promise<void> {
  const { engine, rig, shop } = world;
  const options = {
    select: world.graph.flatMap((_, index) => (command.selected[index] === true ? [keyAt(index)] : [])),
    environment: command.environment,
    concurrency: command.concurrency,
  };
  const doneBefore = new Map(world.done);
  const expected = expectedRun(world, command);
  const plan = await rig.tryPlan(options);
  expect(plan.ok).toBe(!expected.refused);
  if (expected.refused) {
    world.done.clear();
    for (const [work, rows] of doneBefore) world.done.set(work, rows);
    return;
  }

  const failing = command.failing.flatMap((fails, index) => (fails ? [keyAt(index)] : []));
  for (const key of failing) engine.failing.add(key);
  shop.control({ onRead: (name) => (failing.includes(name) ? unreachable(name) : undefined) });
  const ran = await rig.materialize(options);
  engine.failing.clear();
  shop.control({});

  expect(endsOf(ran)).toEqual(expected.ends);
  const failed = Object.values(expected.ends).some((end) => end === "failed" || end === "skipped");
  expect(ran.result.outcome).toBe(failed ? "failed" : "done");
  if (!failed) {
    for (const [index, made] of expected.settled) expected.environment.set(index, made);
    world.published.set(command.environment, expected.environment);
  }
  await expectPublished(world, command.environment);
  if (failed) return;

  // All that was selected with all its upstream is what it would be if everything were made from nothing.
  const selected = new Set(options.select);
  for (const [index] of world.graph.entries()) {
    const upstream = upstreamOf(world.graph, index);
    if (![index, ...upstream].every((of) => selected.has(keyAt(of)))) continue;
    const rows = await rig.rows(keyAt(index), command.environment);
    expect(dataOf(rows)).toBe(dataOf(madeFromNothing(world, index)));
  }
  const again = expectValue(await rig.tryPlan(options));
  expect(Object.entries(planned(again)).filter(([, make]) => make !== "fresh")).toEqual([]);
  expect(plannedChecks(again)).toEqual({});
}

function endsOf({ events }: RigRun): Readonly<Record<string, string>> {
  const ends: Record<string, string> = {};
  for (const event of events) {
    if (event.type === "step.made" || event.type === "step.reused" || event.type === "step.failed")
      ends[event.asset] = event.type.slice("step.".length);
    if (event.type === "step.skipped" && event.because !== "inputs-equal") ends[event.asset] = "skipped";
  }
  return ends;
}

/** Every environment holds what the model says, with the versions of one read of it. */
async function expectPublished({ published, rig }: World, environment: string): Promise<void> {
  const model = published.get(environment) ?? new Map<number, Made>();
  const held = await rig.environment(environment);
  expect(Object.keys(held?.assets ?? {})).toEqual([...model.keys()].map(keyAt).sort());
  for (const [index, { rows }] of model)
    expect(dataOf(await rig.rows(keyAt(index), environment))).toBe(dataOf(rows));
}

function upstreamOf(graph: readonly Declared[], index: number): ReadonlySet<number> {
  const { inputs = [], kind } = graph[index] ?? {};
  const direct = kind === "copy" ? [] : inputs;
  return new Set(direct.flatMap((input) => [input, ...upstreamOf(graph, input)]));
}

function madeFromNothing(world: World, index: number): readonly Row[] {
  const of = world.graph[index];
  const table = world.tables.get(index);
  if (of === undefined || table === undefined) throw new Error(`no asset ${index}`);
  if (of.kind === "copy") return sourceRows(table.value, table.layout);
  return rowsMade(
    of.salt,
    of.layout,
    of.inputs.map((input) => madeFromNothing(world, input)),
  );
}

function change(world: World, command: Exclude<Command, { readonly do: "run" }>): void {
  const of = world.graph[command.index];
  if (of === undefined) return;
  if (command.do === "source") {
    world.tables.set(command.index, { value: command.value, layout: command.layout });
    setTables(world);
    return;
  }
  if (command.do === "edit") {
    world.graph[command.index] = { ...of, salt: command.salt, layout: command.layout };
  } else if (command.input < command.index) {
    const inputs = of.inputs.includes(command.input)
      ? of.inputs.filter((input) => input !== command.input)
      : [...of.inputs, command.input].sort();
    world.graph[command.index] = { ...of, inputs };
  }
  world.rig.declare(projectOf(world));
}

/** Each work was done once: no two versions of an asset are of one fingerprint. */
async function expectNothingTwice({ rig }: World): Promise<void> {
  const works: string[] = [];
  for (const object of await rig.objects("versions/")) {
    const [, key = "", file = ""] = object.split("/");
    const manifest = expectValue(await readManifest(rig.store, key as AssetKey, file.replace(".json", "")));
    works.push(`${key} ${manifest?.fingerprint.digest}`);
  }
  expect(works).toEqual([...new Set(works)]);
}

describe("whatever is edited, selected and fails", () => {
  it("a run makes what is due and nothing else, and what is published is what the declarations say", async () => {
    await fc.assert(
      fc.asyncProperty(graph, commands, async (declarations, all) => {
        const world = await createWorld(declarations);
        try {
          for (const command of all) {
            if (command.do === "run") await runBoth(world, command);
            else change(world, command);
          }
          await expectNothingTwice(world);
        } finally {
          await world.rig.close();
        }
      }),
      { numRuns: 100 },
    );
  }, 180_000);
});
