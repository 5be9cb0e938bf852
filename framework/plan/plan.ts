import type { AssetKey } from "../definition/asset-key.ts";
import type { SourceToken } from "../definition/source-token.ts";
import type { DataVersion, Fingerprint, VersionId } from "../lake/records.ts";

/** Why an asset is stale, or why a check must be evaluated. One is said in words by `reasonText`. */
export type Reason =
  | { readonly because: "never-made" }
  | { readonly because: "forced" }
  | { readonly because: "code-changed"; readonly from: string; readonly to: string }
  | { readonly because: "config-changed"; readonly from: string; readonly to: string }
  | { readonly because: "schema-changed"; readonly changes: readonly string[] }
  | { readonly because: "engine-changed"; readonly from: string; readonly to: string }
  | { readonly because: "source-changed"; readonly from: SourceToken | null; readonly to: SourceToken }
  | {
      readonly because: "input-changed";
      readonly input: string;
      readonly asset: AssetKey;
      readonly from: DataVersion;
      readonly to: DataVersion;
    }
  | { readonly because: "input-added"; readonly input: string; readonly asset: AssetKey }
  | { readonly because: "input-removed"; readonly input: string }
  /** An input will be made in this run: whether this asset follows is known once its data version is. */
  | { readonly because: "input-may-change"; readonly input: string; readonly asset: AssetKey }
  | { readonly because: "check-added"; readonly check: string }
  | { readonly because: "check-changed"; readonly check: string }
  | { readonly because: "check-failed-last-time"; readonly check: string }
  | { readonly because: "reference-changed"; readonly check: string; readonly asset: AssetKey };

/** What a run does about making an asset. */
export type Make =
  /** Work to be done. */
  | { readonly do: "run" }
  /** A version for this very work is in the lake: it is published, nothing is computed. */
  | {
      readonly do: "reuse";
      readonly version: VersionId;
      readonly dataVersion: DataVersion;
      readonly madeAt: string;
      readonly run: string;
    }
  /** The environment's version is what it should be. */
  | { readonly do: "fresh"; readonly version: VersionId; readonly dataVersion: DataVersion }
  /** Decided during the run, once its inputs are known: equal inputs mean nothing to do. */
  | { readonly do: "if-changed" };

/** What a run does about one check. `id` is the check's within its asset. */
export interface PlannedCheck {
  readonly id: string;
  readonly do: "run" | "fresh" | "if-changed";
  readonly reasons: readonly Reason[];
}

/** One asset in a plan. */
export interface Step {
  readonly asset: AssetKey;
  readonly partitions: "whole";
  readonly make: Make;
  readonly reasons: readonly Reason[];
  readonly checks: readonly PlannedCheck[];
  /** The work, where all that goes into it is known before the run. */
  readonly fingerprint: Fingerprint | null;
  /** Code, config, schema and engine: known always, and completed by source token and inputs' data versions in the run. */
  readonly ownParts: Fingerprint["parts"];
  /** The token observed of its source's table; null where it is no copy. */
  readonly source: SourceToken | null;
  readonly inputs: readonly { readonly name: string; readonly asset: AssetKey }[];
  /** From history; null where there is none. */
  readonly expected: { readonly rows: number; readonly durationMs: number } | null;
  /** The step group it belongs to. */
  readonly group: string;
}

/** Steps that one engine call makes together. */
export interface StepGroup {
  readonly id: string;
  /** atomic: all or none, retried whole. streaming: they end one by one, and the rest is retried. */
  readonly mode: "single" | "atomic" | "streaming";
  /** The source that an atomic group reads in one snapshot. */
  readonly source: string | null;
  readonly assets: readonly AssetKey[];
}

/** What a run will do and why: frozen, plain JSON, and the very thing that `materialize` executes. */
export interface Plan {
  readonly formatVersion: 1;
  readonly project: string;
  readonly environment: string;
  /** As it was typed; "" for everything. */
  readonly selection: string;
  readonly lake: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly forced: boolean;
  /** ISO 8601, UTC. */
  readonly plannedAt: string;
  /** What the environment held of every asset in the plan or read by it: a publish compares with this. */
  readonly entries: Readonly<
    Record<AssetKey, { readonly version: VersionId; readonly dataVersion: DataVersion } | null>
  >;
  /** In topological order, keys sorted. */
  readonly steps: readonly Step[];
  readonly groups: readonly StepGroup[];
}
