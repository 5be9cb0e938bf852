import fc from "fast-check";
import { type GenericSchema, type InferOutput, is } from "valibot";
import { describe, expect, it } from "vitest";
import { isEnvironment } from "../../framework/lake/environment-check.ts";
import {
  type environmentEntrySchema,
  environmentSchema,
  manifestSchema,
  sweepSchema,
  workRecordSchema,
} from "../../framework/lake/record-schemas.ts";
import {
  type Environment,
  type EnvironmentEntry,
  formatVersion,
  type Manifest,
  type Sweep,
  type WorkRecord,
} from "../../framework/lake/records.ts";
import { entryOf, key, manifestOf, workOf } from "./fixtures.ts";

type Mutable<T> = T extends string | number | boolean | null
  ? T
  : { -readonly [K in keyof T]: Mutable<T[K]> };
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Whether a schema says what a type of records.ts says, no more and no less; TypeScript decides. */
type Says<S extends GenericSchema, T> = Equal<Mutable<InferOutput<S>>, Mutable<T>>;

const manifestSays: Says<typeof manifestSchema, Manifest> = true;
const workSays: Says<typeof workRecordSchema, WorkRecord> = true;
const entrySays: Says<typeof environmentEntrySchema, EnvironmentEntry> = true;
const environmentSays: Says<typeof environmentSchema, Environment> = true;
const sweepSays: Says<typeof sweepSchema, Sweep> = true;

const manifest = manifestOf(key("order_items"));
const entry = entryOf(manifest);
const bare: EnvironmentEntry = { ...entry, checks: [], source: null, snapshot: null, inputs: {} };
const environment: Environment = {
  formatVersion,
  name: "dev",
  parent: { name: "prod", follows: "live" },
  assets: { [key("order_items")]: entry, [key("warehouse/orders")]: bare },
  states: [
    { run: "run1", at: "2026", replaced: { [key("order_items")]: bare, [key("warehouse/orders")]: null } },
  ],
  generations: { warehouse: "g1" },
  pending: [{ server: "warehouse", generation: "g2", clone: "c2" }],
  counter: 3,
};

describe("the schemas of the lake's files", () => {
  it("say what the types say", () => {
    expect([manifestSays, workSays, entrySays, environmentSays, sweepSays]).toEqual(Array(5).fill(true));
  });

  it("take what the lake writes", () => {
    expect(is(manifestSchema, manifest)).toBe(true);
    expect(is(workRecordSchema, workOf(manifest))).toBe(true);
    expect(is(environmentSchema, environment)).toBe(true);
    expect(is(sweepSchema, { formatVersion, sweep: 1, condemned: ["data/a/b"] })).toBe(true);
  });

  it.each([
    "../../../etc/passwd",
    "data/../x",
    "data/orders/../../x",
    "/data/orders/v1-1.parquet",
    "versions/orders/v1.json",
  ])("take no part at %s", (object) => {
    const [part] = manifest.parts;
    expect(is(manifestSchema, { ...manifest, parts: [{ ...part, object }] })).toBe(false);
  });
});

describe("the quick check of an environment", () => {
  it("takes what the lake writes, and fields that a later version may add", () => {
    expect(isEnvironment(environment)).toBe(true);
    expect(isEnvironment({ ...environment, later: 1 })).toBe(true);
  });

  it("refuses each field that is left out, and each that is of another kind", () => {
    for (const path of pathsOf(environment)) {
      // A record may lack any of its names; what is left is a good environment still.
      const leftOut = without(environment, path);
      expect([path, isEnvironment(leftOut)]).toEqual([path, is(environmentSchema, leftOut)]);
      for (const other of [undefined, true, "?!", -1, 1.5, {}]) {
        const changed = replaced(environment, path, other);
        expect([path, other, isEnvironment(changed)]).toEqual([path, other, is(environmentSchema, changed)]);
      }
      expect([path, isEnvironment(replaced(environment, path, undefined))]).toEqual([path, false]);
    }
  });

  it("says what the schema says, of environments with anything anywhere in them", () => {
    const paths = pathsOf(environment);
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(
        "whole",
        "passed",
        "failed",
        "weak",
        "orders",
        "v1",
        Number.POSITIVE_INFINITY,
        2 ** 60,
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), anything), { maxLength: 3 }), (changes) => {
        const changed = changes.reduce<unknown>((of, [path, to]) => replaced(of, path, to), environment);
        const quick = isEnvironment(changed);
        // The schema takes a list for an empty record, and does not look at names such as "constructor".
        const lax = changes.some(([, to]) => /\[|constructor|prototype|__proto__/.test(JSON.stringify(to)));
        expect(is(environmentSchema, changed)).toBe(lax ? is(environmentSchema, changed) : quick);
        if (quick) expect(is(environmentSchema, changed)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

type Path = readonly string[];

/** The ways to every value within a value. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

function replaced(value: unknown, [name, ...rest]: Path, to: unknown): unknown {
  if (name === undefined) return to;
  // An earlier change may have taken away what this one was to go into.
  if (typeof value !== "object" || value === null) return value;
  const inner = replaced((value as Readonly<Record<string, unknown>>)[name], rest, to);
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === name ? inner : item));
  return { ...value, [name]: inner };
}

function without(value: unknown, [name, ...rest]: Path): unknown {
  if (typeof value !== "object" || value === null || name === undefined) return value;
  if (rest.length > 0)
    return replaced(value, [name], without((value as Record<string, unknown>)[name], rest));
  if (Array.isArray(value)) return value.filter((_, index) => String(index) !== name);
  return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
}
