import { type Asset, keyOf } from "../definition/asset.ts";
import type { AssetKey } from "../definition/asset-key.ts";
import type { Check } from "../definition/check.ts";
import type { ForeignKey } from "../definition/relations.ts";

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
  for (const columns of [asset.primaryKey, ...asset.unique]) {
    if (columns.length > 0) {
      checks.push({ id: `unique(${columns.join(",")})`, severity: "blocking", kind: "unique", columns });
    }
  }
  return checks.sort(byId);
}

/** A foreign key as a check of the asset it starts from. */
export function foreignKeyCheck(foreignKey: ForeignKey, to: AssetKey): Check {
  const columns = foreignKey.from.columns;
  return {
    id: `foreign_key(${columns.join(",")}→${to})`,
    severity: foreignKey.severity,
    kind: "foreign-key",
    columns,
    references: { asset: to, columns: foreignKey.to.columns },
  };
}

/**
 * The pairs of assets that a foreign key joins. One between tables joins every asset copied from the first with the
 * asset copied from the second out of the same source, since only those are of one moment.
 */
export function foreignKeyEnds(
  foreignKey: ForeignKey,
  assets: readonly Asset[],
): readonly { readonly from: AssetKey; readonly to: AssetKey }[] {
  const owned = (owner: ForeignKey["from"]["owner"]): readonly Asset[] =>
    "making" in owner
      ? assets.filter((asset) => asset === owner)
      : assets.filter((asset) => asset.making.kind === "copy" && asset.making.from.table === owner);
  const sourceOf = (asset: Asset): string | undefined =>
    asset.making.kind === "copy" ? asset.making.from.source.name : undefined;
  const ends: { readonly from: AssetKey; readonly to: AssetKey }[] = [];
  for (const from of owned(foreignKey.from.owner)) {
    for (const to of owned(foreignKey.to.owner)) {
      const bothTables = !("making" in foreignKey.from.owner) && !("making" in foreignKey.to.owner);
      if (!bothTables || sourceOf(from) === sourceOf(to)) ends.push({ from: keyOf(from), to: keyOf(to) });
    }
  }
  return ends;
}

function byId(a: Check, b: Check): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
