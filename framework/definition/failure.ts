import type { AssetKey } from "./asset-key.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** An expected failure of work: why, where, and what to do. Never an exception, never with a secret in it. */
export type Failure = {
  /** What happened, in one sentence that names the thing. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Lines that show the place: an excerpt of the file, a few offending rows, the engine's own words. */
  readonly detail?: readonly string[];
} & (
  | { readonly reason: "usage" }
  | { readonly reason: "asset-not-found" | "selection-invalid" | "selection-empty" }
  | { readonly reason: "definitions-invalid"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly reason: "config-invalid" | "resource-missing" }
  | { readonly reason: "lake-unusable" | "lake-corrupt"; readonly object: string }
  | { readonly reason: "format-unknown"; readonly object: string; readonly found: unknown }
  | { readonly reason: "sample-over-real"; readonly assets: readonly AssetKey[] }
  | {
      readonly reason: "source-unreachable" | "source-changed-shape" | "source-row-invalid";
      readonly source: string;
      readonly table: string;
    }
  | { readonly reason: "engine-failed"; readonly engine: string }
  | { readonly reason: "function-threw" | "row-invalid" }
  | { readonly reason: "check-failed"; readonly checks: readonly string[] }
  | { readonly reason: "check-not-evaluated"; readonly checks: readonly string[] }
  | { readonly reason: "timed-out"; readonly afterMs: number }
  | { readonly reason: "cancelled" }
  | { readonly reason: "upstream-failed"; readonly upstream: readonly AssetKey[] }
  | { readonly reason: "publish-conflict"; readonly assets: readonly AssetKey[] }
  | { readonly reason: "disk-full" }
);

/** Whether trying the same again can help. */
export function mayPassNextTime(failure: Failure): boolean {
  switch (failure.reason) {
    case "source-unreachable":
    case "engine-failed":
    case "function-threw":
    case "timed-out":
      return true;
    default:
      return false;
  }
}
