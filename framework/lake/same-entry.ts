import { canonicalJson, type Json } from "../definition/json.ts";
import type { CheckRecord, EnvironmentEntry } from "./records.ts";

/**
 * Whether two entries say the same of an asset: the same version, for the same work, with the same checks and outcomes.
 * When the checks were evaluated makes no difference: two runs that did the same must not overwrite each other.
 */
export function sameEntry(a: EnvironmentEntry | undefined, b: EnvironmentEntry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.version === b.version &&
    a.dataVersion === b.dataVersion &&
    a.fingerprint.digest === b.fingerprint.digest &&
    a.snapshot === b.snapshot &&
    textOf(a.source) === textOf(b.source) &&
    textOf(a.inputs) === textOf(b.inputs) &&
    checksOf(a) === checksOf(b)
  );
}

function checksOf(entry: EnvironmentEntry): string {
  return textOf([...entry.checks].sort(byId).map(({ evaluatedAt: _, ...check }) => check));
}

function byId(a: CheckRecord, b: CheckRecord): number {
  return a.id < b.id ? -1 : 1;
}

// Records of the lake are JSON; their types are interfaces, which TypeScript does not take for it.
function textOf(value: unknown): string {
  return canonicalJson(value as Json);
}
