import type { AssetKey } from "../definition/asset-key.ts";
import type { Check } from "../definition/check.ts";
import type { DataVersion, EnvironmentEntry } from "../lake/records.ts";
import { checkCode } from "./check-code.ts";
import type { Make, PlannedCheck, Reason } from "./plan.ts";

/** What is known before the run of the rows an asset will have: their data version, or that only the run will tell. */
export type Foreseen = DataVersion | "unknown" | "missing";

/**
 * Plans the checks of one asset. A check stands as long as its definition, the rows it looked at and the rows it referred
 * to are the same.
 */
export function planChecks(
  checks: readonly Check[],
  make: Make,
  entry: EnvironmentEntry | undefined,
  foreseen: (asset: AssetKey) => Foreseen,
): readonly PlannedCheck[] {
  return checks.map((check) => {
    if (make.do === "run") return { id: check.id, do: "run", reasons: [] };
    if (make.do === "reuse" && make.dataVersion !== entry?.dataVersion)
      return { id: check.id, do: "run", reasons: [] };
    const reasons = checkReasons(check, entry, foreseen);
    if (reasons.some((reason) => reason.because !== "input-may-change"))
      return { id: check.id, do: "run", reasons };
    if (make.do === "if-changed" || reasons.length > 0) return { id: check.id, do: "if-changed", reasons };
    return { id: check.id, do: "fresh", reasons: [] };
  });
}

function checkReasons(
  check: Check,
  entry: EnvironmentEntry | undefined,
  foreseen: (asset: AssetKey) => Foreseen,
): readonly Reason[] {
  const record = entry?.checks.find(({ id }) => id === check.id);
  if (record === undefined) return [{ because: "check-added", check: check.id }];
  if (record.code !== checkCode(check)) return [{ because: "check-changed", check: check.id }];
  if (check.kind !== "foreign-key") return [];
  const { asset } = check.references;
  const now = foreseen(asset);
  if (now === "unknown") return [{ because: "input-may-change", input: check.id, asset }];
  if (now !== record.references[asset]) return [{ because: "reference-changed", check: check.id, asset }];
  return [];
}
