import type { Failure } from "../../framework/definition/failure.ts";
import type { Result } from "../../framework/definition/result.ts";
import type { Store } from "../../framework/lake/storage/store.ts";

/** What a process of its own can be told to do with a store. */
export type Order =
  /** Create an object by several writers at once; answers those that did. */
  | { readonly work: "race"; readonly key: string; readonly writers: readonly string[] }
  /** Count a pointer up; answers the numbers it wrote. */
  | { readonly work: "increment"; readonly key: string; readonly times: number };

export async function work(store: Store, order: Order): Promise<readonly (string | number)[]> {
  return order.work === "race"
    ? await race(store, order.key, order.writers)
    : await increment(store, order.key, order.times);
}

async function race(store: Store, key: string, writers: readonly string[]): Promise<readonly string[]> {
  const outcomes = writers.map(async (writer) => ({
    writer,
    outcome: unwrap(await store.create(key, new TextEncoder().encode(writer))),
  }));
  return (await Promise.all(outcomes))
    .filter(({ outcome }) => outcome === "created")
    .map(({ writer }) => writer);
}

async function increment(store: Store, key: string, times: number): Promise<readonly number[]> {
  const written: number[] = [];
  let last = 0;
  while (written.length < times) {
    const held = unwrap(await store.readPointer(key));
    const now = held === undefined ? 0 : Number(new TextDecoder().decode(held.bytes));
    if (!(now >= last)) throw new Error(`went back from ${last} to ${now}`);
    last = now;
    const outcome = unwrap(
      await store.swapPointer(key, new TextEncoder().encode(String(now + 1)), held?.tag),
    );
    if (outcome !== "conflict") written.push(now + 1);
  }
  return written;
}

function unwrap<T>(result: Result<T, Failure>): T {
  if (result.ok) return result.value;
  throw new Error(result.error.message);
}
