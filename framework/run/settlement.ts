import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import type { EnvironmentEntry, Manifest } from "../lake/records.ts";

/** What a run came to about one asset. */
export type Settlement =
  | {
      readonly state: "ready";
      readonly asset: AssetKey;
      /** What the environment is to say of it; its checks are those carried over, until they are evaluated. */
      readonly entry: EnvironmentEntry;
      /** Whether the environment says something else now. */
      readonly changed: boolean;
      /** The moments of its source that its rows are known to be of: the one they were read in, and this run's. */
      readonly moments: readonly string[];
    }
  | { readonly state: "failed"; readonly asset: AssetKey; readonly failure: Failure }
  | { readonly state: "skipped"; readonly asset: AssetKey; readonly because: "upstream-failed" | "stopped" };

export type Ready = Extract<Settlement, { readonly state: "ready" }>;

/** What an environment says of a version. */
export function entryOf(manifest: Manifest): EnvironmentEntry {
  return {
    version: manifest.version,
    partitions: manifest.partitions,
    dataVersion: manifest.dataVersion,
    fingerprint: manifest.fingerprint,
    checks: [],
    source: manifest.source,
    snapshot: manifest.snapshot,
    inputs: Object.fromEntries(manifest.inputs.map((input) => [input.name, input.asset])),
    rows: manifest.rows,
    bytes: manifest.bytes,
    madeAt: manifest.madeAt,
    durationMs: manifest.durationMs,
    run: manifest.run,
  };
}

/** What a run leaves as it is. */
export function keep(asset: AssetKey, entry: EnvironmentEntry): Ready {
  return { state: "ready", asset, entry, changed: false, moments: momentsOf(entry) };
}

/** The moment that an entry's rows were read in, if they were read from a source. */
export function momentsOf(entry: EnvironmentEntry): readonly string[] {
  return entry.snapshot === null ? [] : [entry.snapshot];
}
