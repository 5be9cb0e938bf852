import type { Failure } from "../../framework/definition/failure.ts";
import { ok, type Result } from "../../framework/definition/result.ts";
import type { Store } from "../../framework/lake/storage/store.ts";

/** One call of a store, numbered from 1. */
export interface StoreCall {
  readonly number: number;
  readonly method: Exclude<keyof Store, "label">;
  /** The key or prefix; for `temporaryFile` the suffix. */
  readonly key: string;
}

/** What is to happen to a call. May wait for as long as the test likes before it says so. */
export type Verdict =
  /** It is made. */
  | "go"
  /** The process dies before it: this call and all later ones throw {@link Stopped}. */
  | "stop"
  /** It is made, and if it wrote, it is answered as if another had been first: "exists" or "conflict". */
  | "ambiguous";

/** Thrown by a store whose process has died. */
export class Stopped extends Error {}

export interface ControlledStore extends Store {
  /** All calls so far, with those that were stopped. */
  readonly calls: readonly StoreCall[];
}

/** A store in which a test decides over each call. */
export function controlledStore(
  inner: Store,
  decide: (call: StoreCall) => Verdict | undefined | Promise<Verdict | undefined>,
): ControlledStore {
  const calls: StoreCall[] = [];
  let dead = false;

  async function admit(method: StoreCall["method"], key: string): Promise<Verdict> {
    const call = { number: calls.length + 1, method, key };
    calls.push(call);
    const verdict = dead ? "stop" : ((await decide(call)) ?? "go");
    // Another call may have died while this one waited.
    if (verdict === "stop" || dead) {
      dead = true;
      throw new Stopped(`stopped before ${method} ${key}`);
    }
    return verdict;
  }

  async function made<T>(
    method: StoreCall["method"],
    key: string,
    work: () => Promise<Result<T, Failure>>,
    ambiguous?: T,
  ): Promise<Result<T, Failure>> {
    const verdict = await admit(method, key);
    const done = await work();
    return verdict === "ambiguous" && done.ok && ambiguous !== undefined ? ok(ambiguous) : done;
  }

  return {
    label: inner.label,
    calls,
    get: (key) => made("get", key, () => inner.get(key)),
    create: (key, bytes) => made("create", key, () => inner.create(key, bytes), "exists"),
    createFromFile: (key, file) =>
      made("createFromFile", key, () => inner.createFromFile(key, file), "exists"),
    localFile: (key) => made("localFile", key, () => inner.localFile(key)),
    temporaryFile: (suffix) => made("temporaryFile", suffix, () => inner.temporaryFile(suffix)),
    size: (key) => made("size", key, () => inner.size(key)),
    readPointer: (key) => made("readPointer", key, () => inner.readPointer(key)),
    swapPointer: (key, bytes, expected) =>
      made("swapPointer", key, () => inner.swapPointer(key, bytes, expected), "conflict"),
    delete: (key) => made("delete", key, () => inner.delete(key)),
    async *list(prefix, after) {
      await admit("list", prefix);
      yield* inner.list(prefix, after);
    },
  };
}
