import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { isEnvironment } from "./environment-check.ts";
import { environmentNamePattern } from "./name-patterns.ts";
import { damaged, parseRecord, type RecordForm, type RecordPlace } from "./parse-record.ts";
import { type Environment, formatVersion } from "./records.ts";
import type { Store, Tag } from "./storage/store.ts";

/** An environment as it was read, and the tag to move it by. */
export interface HeldEnvironment {
  readonly environment: Environment;
  readonly tag: Tag;
}

/** The pointer that an environment is. */
export function environmentObject(name: string): string {
  return `environments/${name}.json`;
}

/** Reads a text that somebody typed as the name of an environment. */
export function parseEnvironmentName(text: string): Result<string, Failure> {
  if (environmentNamePattern.test(text)) return ok(text);
  return err({
    reason: "config-invalid",
    message: `${JSON.stringify(text)} is not the name of an environment`,
    hint: "a name is made of a-z, 0-9, - and _, begins with a letter or digit, and has 100 characters at most",
  });
}

const form: RecordForm<Environment> = {
  schema: async () => (await import("./record-schemas.ts")).environmentSchema,
  isSound: isEnvironment,
};

/** An environment's present state; undefined where nothing was ever published into it. */
export async function readEnvironment(
  store: Store,
  name: string,
): Promise<Result<HeldEnvironment | undefined, Failure>> {
  const object = environmentObject(name);
  const held = await store.readPointer(object);
  if (!held.ok) return held;
  if (held.value === undefined) return ok(undefined);
  const place: RecordPlace = {
    lake: store.label,
    object,
    remedy: "put back a copy of it; or remove it and run again: what was made before is reused",
  };
  const parsed = await parseRecord(held.value.bytes, form, place);
  if (!parsed.ok) return parsed;
  if (parsed.value.name !== name) {
    return err(damaged(place, `it is of the environment ${JSON.stringify(parsed.value.name)}`));
  }
  // Without a prototype: `constructor` is a good asset key, and must not be found where it is not.
  const assets = Object.assign(Object.create(null), parsed.value.assets);
  return ok({ environment: { ...parsed.value, assets }, tag: held.value.tag });
}

/** An environment that holds nothing yet. */
export function emptyEnvironment(name: string): Environment {
  return {
    formatVersion,
    name,
    parent: null,
    assets: {},
    states: [],
    generations: {},
    pending: [],
    counter: 0,
  };
}

/** The bytes of an environment: an asset a line, so that two of them can be compared by eye and by diff. */
export function environmentBytes(environment: Environment): Uint8Array {
  const { assets, states, ...rest } = environment;
  const lines = Object.entries(assets).map(
    ([key, entry]) => `${JSON.stringify(key)}:${JSON.stringify(entry)}`,
  );
  const head = JSON.stringify(rest).slice(0, -1);
  const past = states.map((state) => JSON.stringify(state)).join(",\n");
  return new TextEncoder().encode(`${head},"assets":{\n${lines.join(",\n")}\n},"states":[\n${past}\n]}\n`);
}
