import type { Failure } from "../definition/failure.ts";
import { ok, type Result } from "../definition/result.ts";
import type { Store } from "./storage/store.ts";

/** Writes an object whose name nobody else uses. That it exists already can only mean that it was written by this. */
export async function writeOnce(
  store: Store,
  object: string,
  bytes: Uint8Array,
): Promise<Result<void, Failure>> {
  const created = await store.create(object, bytes);
  if (!created.ok) return created;
  if (created.value === "created") return ok(undefined);
  // A client library may have written it twice, or an earlier try was applied and failed all the same.
  const there = await store.get(object);
  if (!there.ok) return there;
  if (there.value && Buffer.compare(there.value, bytes) === 0) return ok(undefined);
  throw new Error(`Internal error: ${object} was written before, with another content`);
}
