import { describe, expect, it } from "vitest";
import {
  emptyEnvironment,
  environmentBytes,
  environmentObject,
  parseEnvironmentName,
  readEnvironment,
} from "../../framework/lake/environments.ts";
import { assertObjectKey } from "../../framework/lake/storage/object-key.ts";
import { emptyLake, entryOf, key, manifestOf } from "./fixtures.ts";
import { set, value } from "./store-contract.ts";

describe("the name of an environment", () => {
  it.each(["dev", "prod", "pr-123", "user_1", "0", "a".repeat(100)])("may be %s", (name) => {
    expect(parseEnvironmentName(name)).toEqual({ ok: true, value: name });
    assertObjectKey(environmentObject(name));
  });

  it.each(["", "Dev", "..", ".", "a/b", "a.b", "a b", "-a", "_a", "é", "a\n", "a".repeat(101), "~"])(
    "may not be %j",
    (name) => {
      expect(parseEnvironmentName(name)).toEqual({
        ok: false,
        error: {
          reason: "config-invalid",
          message: `${JSON.stringify(name)} is not the name of an environment`,
          hint: "a name is made of a-z, 0-9, - and _, begins with a letter or digit, and has 100 characters at most",
        },
      });
    },
  );
});

describe("an environment", () => {
  const environment = {
    ...emptyEnvironment("dev"),
    assets: {
      [key("orders")]: entryOf(manifestOf(key("orders"), "v1")),
      [key("sellers")]: entryOf(manifestOf(key("sellers"), "v2")),
    },
    states: [{ run: "run1", at: "2026", replaced: { [key("orders")]: null } }],
  };
  const good = Buffer.from(environmentBytes(environment)).toString();

  it("is not there before it was published into", async () => {
    expect(value(await readEnvironment(await emptyLake(), "dev"))).toBeUndefined();
  });

  it.each([
    ["empty", emptyEnvironment("dev")],
    ["full", environment],
  ])("that is %s is read as it was written", async (_, written) => {
    const store = await emptyLake();
    await set(store, environmentObject("dev"), Buffer.from(environmentBytes(written)).toString());
    expect(value(await readEnvironment(store, "dev"))?.environment).toEqual(written);
  });

  it("is written an asset a line", () => {
    expect(good.split("\n").filter((line) => /^"(orders|sellers)":\{/.test(line))).toHaveLength(2);
  });

  it.each([
    ["cut off", good.slice(0, -20), "are not whole JSON"],
    ["lacking a field", good.replace('"counter":0,', ""), "counter: "],
    [
      "with an entry damaged",
      good.replace('"version":"v2"', '"version":"../v2"'),
      "assets.sellers.version: is not an identifier",
    ],
    ["with a key that is none", good.replace('"sellers":{', '"../sellers":{'), "is not an asset key"],
    [
      "with a list for a record",
      good.replace('"generations":{}', '"generations":[]'),
      "the file is not of its form",
    ],
    ["with __proto__ for a key", good.replace('"sellers":{', '"__proto__":{'), "the file is not of its form"],
    [
      "of another environment",
      good.replace('"name":"dev"', '"name":"prod"'),
      'it is of the environment "prod"',
    ],
  ])("that is %s is a failure that names it and says what to do", async (_, content, what) => {
    const store = await emptyLake();
    await set(store, environmentObject("dev"), content);
    const read = await readEnvironment(store, "dev");
    expect(read).toMatchObject({
      ok: false,
      error: {
        reason: "lake-corrupt",
        object: "environments/dev.json",
        hint: "put back a copy of it; or remove it and run again: what was made before is reused",
      },
    });
    expect(!read.ok && read.error.message).toContain(what);
  });

  it("of another format is refused", async () => {
    const store = await emptyLake();
    await set(store, environmentObject("dev"), good.replace('"formatVersion":1', '"formatVersion":9'));
    const failure = { reason: "format-unknown", object: "environments/dev.json", found: 9 };
    expect(await readEnvironment(store, "dev")).toMatchObject({ ok: false, error: failure });
  });

  it("keeps fields that a later version of the program added", async () => {
    const store = await emptyLake();
    await set(store, environmentObject("dev"), good.replace('"counter":0', '"counter":0,"later":[1]'));
    const { environment: read } = value(await readEnvironment(store, "dev")) ?? {};
    expect(read && Buffer.from(environmentBytes(read)).toString()).toContain('"later":[1]');
  });
});
