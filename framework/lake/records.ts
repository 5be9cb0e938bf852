import type { AssetKey } from "../definition/asset-key.ts";
import type { CheckOutcome, Severity } from "../definition/check.ts";
import type { ColumnStatistics } from "../definition/compute-port.ts";
import type { TableSchema } from "../definition/schema.ts";
import type { SourceToken } from "../definition/source-token.ts";

/** The format of everything that the lake stores. A file with another is refused, never guessed at. */
export const formatVersion = 1;

/** Names one immutable result, in time order (ULID, lower case); new at each attempt. */
export type VersionId = string;
/** Names one run, in time order (ULID, lower case). */
export type RunId = string;
/** Names rows: equal data versions mean equal schema and rows, in whatever order. */
export type DataVersion = string;

/** Which slice of an asset a version is of. Only the whole for now; sets of ranges later. */
export type Partitions = "whole";

/** One named part of a fingerprint: "code", "config", "schema", "engine", "source", "input:<name>", "base". */
export interface FingerprintPart {
  readonly name: string;
  readonly value: string;
}

/** The key of a piece of work: equal fingerprints need be worked on once. */
export interface Fingerprint {
  /** SHA-256 over the length-prefixed, named parts, hex. */
  readonly digest: string;
  /** In the order they were hashed: sorted by name. */
  readonly parts: readonly FingerprintPart[];
}

/** An immutable Parquet file. Its name ends in the id of the version that wrote it; other versions may name it too. */
export interface Part {
  /** Object key: `data/<key>/<version id>-<n>.parquet`. */
  readonly object: string;
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
  readonly columns: readonly ColumnStatistics[];
}

/** The version of an input that was read. */
export interface InputRead {
  readonly name: string;
  readonly asset: AssetKey;
  readonly version: VersionId;
  readonly dataVersion: DataVersion;
}

/** versions/<key>/<version id>.json: what one version is. Written once. */
export interface Manifest {
  readonly formatVersion: typeof formatVersion;
  readonly asset: AssetKey;
  readonly version: VersionId;
  readonly partitions: Partitions;
  readonly schema: TableSchema;
  readonly parts: readonly Part[];
  readonly rows: number;
  readonly bytes: number;
  readonly dataVersion: DataVersion;
  readonly fingerprint: Fingerprint;
  readonly inputs: readonly InputRead[];
  /** The token taken inside the snapshot that read the rows; null where the asset is no copy. */
  readonly source: SourceToken | null;
  /** Where the snapshot it was read in differs from others: versions of one snapshot share it. */
  readonly snapshot: string | null;
  /** How far an append or a log has come. */
  readonly watermark: string | null;
  /** The version that an append or a merge started from. */
  readonly base: VersionId | null;
  readonly run: RunId;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly durationMs: number;
}

/** work/<key>/<fingerprint>.json: the version that this work gave. The first to write it wins, the others adopt. */
export interface WorkRecord {
  readonly formatVersion: typeof formatVersion;
  readonly version: VersionId;
  readonly dataVersion: DataVersion;
  readonly rows: number;
  readonly madeAt: string;
  readonly durationMs: number;
  readonly run: RunId;
}

/**
 * A check that was evaluated: its identity (check, rows, rows referred to) and what came of it. Rows are named by data
 * version, so that a version that was made again with equal rows need not be checked again.
 */
export interface CheckRecord {
  readonly id: string;
  readonly severity: Severity;
  /** Digest of the check's definition. */
  readonly code: string;
  /** The data versions it referred to beside its own, by asset. */
  readonly references: Readonly<Record<AssetKey, DataVersion>>;
  readonly outcome: CheckOutcome;
  readonly evaluatedAt: string;
}

/** What an environment says of one asset. Enough for a plan that makes nothing to read nothing else. */
export interface EnvironmentEntry {
  readonly version: VersionId;
  readonly partitions: Partitions;
  readonly dataVersion: DataVersion;
  readonly fingerprint: Fingerprint;
  readonly checks: readonly CheckRecord[];
  readonly source: SourceToken | null;
  readonly snapshot: string | null;
  readonly inputs: Readonly<Record<string, AssetKey>>;
  readonly rows: number;
  readonly bytes: number;
  readonly madeAt: string;
  readonly durationMs: number;
  /** The run that made the version. */
  readonly run: RunId;
}

/** A published state that can be gone back to: what the publish after it replaced. */
export interface PublishedState {
  readonly run: RunId;
  readonly at: string;
  /** The entries as they were before this publish; null where there was none. */
  readonly replaced: Readonly<Record<AssetKey, EnvironmentEntry | null>>;
}

/** A swap on a server that was published but not yet seen done. */
export interface PendingSwap {
  readonly server: string;
  readonly generation: string;
  readonly clone: string;
}

/** environments/<name>.json: a named set of current versions. Moved by compare-and-swap only. */
export interface Environment {
  readonly formatVersion: typeof formatVersion;
  readonly name: string;
  readonly parent: { readonly name: string; readonly follows: "creation" | "live" } | null;
  readonly assets: Readonly<Record<AssetKey, EnvironmentEntry>>;
  /** The last published states, the newest first. */
  readonly states: readonly PublishedState[];
  /** The generation of each server that belongs to this environment. */
  readonly generations: Readonly<Record<string, string>>;
  readonly pending: readonly PendingSwap[];
  /** Moved by every sweep, so that a publish that looked before the sweep fails. */
  readonly counter: number;
}

/** gc.json: the sweep under way. Names condemned count as missing for every publish, until the sweep is over. */
export interface Sweep {
  readonly formatVersion: typeof formatVersion;
  /** Counts the sweeps from 1. */
  readonly sweep: number;
  /** Object keys of manifests and parts. */
  readonly condemned: readonly string[];
}
