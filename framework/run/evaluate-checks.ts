import type { AssetKey } from "../definition/asset-key.ts";
import type { Check, CheckOutcome } from "../definition/check.ts";
import type { ComputeEngine, StoredRelation } from "../definition/compute-port.ts";
import type { Failure } from "../definition/failure.ts";
import { ok, type Result } from "../definition/result.ts";
import type { CheckRecord, DataVersion, EnvironmentEntry } from "../lake/records.ts";
import { checkCode } from "../plan/check-code.ts";
import type { VersionReader } from "./version-reader.ts";

/** The record of an earlier evaluation, if it was of this very check on these very rows and those it referred to. */
export function standingRecord(
  check: Check,
  entry: EnvironmentEntry | undefined,
  dataVersion: DataVersion,
  referred: Readonly<Record<AssetKey, DataVersion>>,
): CheckRecord | undefined {
  if (entry?.dataVersion !== dataVersion) return undefined;
  const record = entry.checks.find(({ id }) => id === check.id);
  if (record === undefined || record.code !== checkCode(check)) return undefined;
  const same = Object.entries(referred).every(
    ([asset, rows]) => record.references[asset as AssetKey] === rows,
  );
  return same ? record : undefined;
}

export interface EvaluationRequest {
  readonly checks: readonly Check[];
  readonly asset: AssetKey;
  readonly entry: EnvironmentEntry;
  /** The entry of every asset that one of the checks refers to. */
  readonly references: ReadonlyMap<AssetKey, EnvironmentEntry>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** Evaluates checks on a version and gives their records, in order. */
export async function evaluateChecks(
  compute: ComputeEngine,
  reader: VersionReader,
  request: EvaluationRequest,
): Promise<Result<readonly CheckRecord[], Failure>> {
  const { checks, asset, entry, references } = request;
  const relation = await reader.relation(asset, entry.version);
  if (!relation.ok) return relation;
  const relations = new Map<AssetKey, StoredRelation>([[asset, relation.value]]);
  for (const [key, { version }] of references) {
    const referred = await reader.relation(key, version);
    if (!referred.ok) return referred;
    relations.set(key, referred.value);
  }
  const outcomes = await compute.evaluate(checks, relation.value, relations, request.signal);
  if (!outcomes.ok) return outcomes;
  const evaluatedAt = request.now().toISOString();
  return ok(
    checks.map((check, index): CheckRecord => {
      const referred = check.kind === "foreign-key" ? references.get(check.references.asset) : undefined;
      return {
        id: check.id,
        severity: check.severity,
        code: checkCode(check),
        references:
          check.kind === "foreign-key" && referred ? { [check.references.asset]: referred.dataVersion } : {},
        outcome: outcomes.value[index] as CheckOutcome,
        evaluatedAt,
      };
    }),
  );
}

/** A failed check in words. */
export function checkText(check: Check, outcome: CheckOutcome): string {
  const rows = outcome.status === "failed" ? outcome.rows.toLocaleString("en-US") : "0";
  const some = outcome.status === "failed" && outcome.rows === 1 ? "row" : "rows";
  switch (check.kind) {
    case "not-null":
      return `${check.column} is null in ${rows} ${some}`;
    case "unique":
      return `${check.columns.join(", ")} not unique: ${rows} ${some} share a value`;
    case "accepted-values":
      return `${check.column} has other values than accepted in ${rows} ${some}`;
    case "foreign-key":
      return `foreign key ${check.columns.join(", ")} → ${check.references.asset}: ${rows} ${some} without parent`;
  }
}
