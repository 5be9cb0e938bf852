import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import type { Settlement } from "./settlement.ts";

/** How a run ended. */
export interface RunResult {
  readonly outcome: "done" | "failed" | "interrupted";
  readonly published: readonly AssetKey[];
  readonly settlements: ReadonlyMap<AssetKey, Settlement>;
  /** What kept it from being published, beside the failures of steps. */
  readonly failure: Failure | undefined;
}
