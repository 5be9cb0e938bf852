import type { AssetKey } from "../definition/asset-key.ts";
import type { Check } from "../definition/check.ts";
import type { DataVersion, EnvironmentEntry } from "../lake/records.ts";
import { checkCode } from "./check-code.ts";
import type { Make, PlannedCheck, Reason } from "./plan.ts";

/** What is known before the run of the rows an asset will have: their data version, or that only the run will tell. */
export type Foreseen = DataVersion | "unknown" | "missing";

/** What is known of an asset whose checks are planned. */
export interface CheckedAsset {
  readonly checks: readonly Check[];
  readonly make: Make;
  readonly entry: EnvironmentEntry | undefined;
  readonly foreseen: (asset: AssetKey) => Foreseen;
  /** Whether the check blocks in this run, if both sides stay as they are. */
  readonly blocks: (check: Check) => boolean;
}

/**
 * Plans the checks of one asset. A check stands as long as its definition, the rows it looked at and the rows it referred
 * to are the same.
 */
export function planChecks(asset: CheckedAsset): readonly PlannedCheck[] {
  const { checks, entry, foreseen, make } = asset;
  return checks.map((check) => {
    if (make.do === "run") return { id: check.id, do: "run", reasons: [] };
    if (make.do === "reuse" && make.dataVersion !== entry?.dataVersion)
      return { id: check.id, do: "run", reasons: [] };
    const reasons = checkReasons(check, asset);
    // Nothing to refer to: a run could only say so again.
    if (make.do === "fresh" && check.kind === "foreign-key" && foreseen(check.references.asset) === "missing")
      return { id: check.id, do: "fresh", reasons };
    if (reasons.some((reason) => reason.because !== "input-may-change"))
      return { id: check.id, do: "run", reasons };
    if (make.do === "if-changed" || reasons.length > 0) return { id: check.id, do: "if-changed", reasons };
    return { id: check.id, do: "fresh", reasons: [] };
  });
}

function checkReasons(check: Check, { blocks, entry, foreseen }: CheckedAsset): readonly Reason[] {
  const record = entry?.checks.find(({ id }) => id === check.id);
  if (record === undefined) return [{ because: "check-added", check: check.id }];
  if (record.code !== checkCode(check)) return [{ because: "check-changed", check: check.id }];
  if (check.kind === "foreign-key") {
    const { asset } = check.references;
    const now = foreseen(asset);
    if (now === "unknown") return [{ because: "input-may-change", input: check.id, asset }];
    if (now !== record.references[asset]) return [{ because: "reference-changed", check: check.id, asset }];
  }
  // It was let pass with a warning: by its declaration then, or because its two sides were of two moments.
  if (record.outcome.status === "failed" && record.severity === "warning" && blocks(check))
    return [{ because: "check-failed-last-time", check: check.id }];
  return [];
}
