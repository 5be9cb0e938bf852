import type { Failure } from "../definition/failure.ts";
import { ok, type Result } from "../definition/result.ts";
import { parseRecord, type RecordForm } from "./parse-record.ts";
import type { Sweep } from "./records.ts";
import type { Store } from "./storage/store.ts";

/** The pointer that says which names the sweep under way will delete. */
export const sweepObject = "gc.json";

const form: RecordForm<Sweep> = { schema: async () => (await import("./record-schemas.ts")).sweepSchema };

/**
 * The object keys that a sweep under way has condemned: each counts as missing. Where it is read matters: after the
 * pointer that will be swapped, before the look at what the swap will name.
 */
export async function readCondemned(store: Store): Promise<Result<ReadonlySet<string>, Failure>> {
  const held = await store.readPointer(sweepObject);
  if (!held.ok) return held;
  if (held.value === undefined) return ok(new Set<string>());
  const sweep = await parseRecord(held.value.bytes, form, {
    lake: store.label,
    object: sweepObject,
    remedy: "put back a copy of it; or end all runs and sweeps on this lake, and remove it",
  });
  return sweep.ok ? ok(new Set(sweep.value.condemned)) : sweep;
}
