/**
 * What an asset can be against an environment of the lake; one asset may be in several states at once.
 *
 * missing and new: never published there. modified: its own declaration differs from what was published. stale: a run
 * would make it, or may have to. failed: it failed in the last run and has not been published since.
 */
export type AssetState = "new" | "modified" | "stale" | "fresh" | "missing" | "failed";

export const assetStates: readonly AssetState[] = ["new", "modified", "stale", "fresh", "missing", "failed"];
