import type { Asset } from "../definition/asset.ts";
import type { Check } from "../definition/check.ts";

/** The contract checks that an asset's columns and keys imply, sorted by name: not null, unique, accepted values. */
export function contractChecks(asset: Asset): readonly Check[] {
  const checks: Check[] = [];
  for (const [column, { isNullable, accepted }] of Object.entries(asset.columns)) {
    if (!isNullable)
      checks.push({ id: `not_null(${column})`, severity: "blocking", kind: "not-null", column });
    if (accepted !== undefined) {
      checks.push({
        id: `accepted(${column})`,
        severity: "blocking",
        kind: "accepted-values",
        column,
        values: accepted,
      });
    }
  }
  const keys = new Map([asset.primaryKey, ...asset.unique].map((columns) => [columns.join(","), columns]));
  for (const [names, columns] of keys) {
    if (columns.length > 0)
      checks.push({ id: `unique(${names})`, severity: "blocking", kind: "unique", columns });
  }
  return checks.sort(byId);
}

function byId(a: Check, b: Check): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
