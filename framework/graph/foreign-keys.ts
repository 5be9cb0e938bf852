import { type Asset, keyOf } from "../definition/asset.ts";
import type { AssetKey } from "../definition/asset-key.ts";
import type { Check, Severity } from "../definition/check.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import type { ForeignKey, RelationOwner } from "../definition/relations.ts";

const severities: readonly Severity[] = ["blocking", "warning"];

/**
 * The checks that foreign keys mean, by the asset they start from and in the order of their declaration.
 *
 * A foreign key between tables joins every asset copied from the first with those copied from the second out of the same
 * source, since only these are of one moment; a table that the project does not copy is left out. One that is declared
 * twice (once for tables, once for assets) is one check.
 */
export function foreignKeyChecks(
  foreignKeys: readonly ForeignKey[],
  assets: Iterable<Asset>,
  diagnostics: Diagnostic[],
): ReadonlyMap<AssetKey, readonly Check[]> {
  const owned = assetsByOwner(assets);
  const checks = new Map<AssetKey, Map<string, Check>>();
  for (const foreignKey of foreignKeys) {
    const { from, to, position } = foreignKey;
    const fault = (fault: Pick<Diagnostic, "code" | "message" | "hint">): void => {
      diagnostics.push({ severity: "error", ...fault, ...(position && { position }) });
    };
    // A word of another tool's, which tsc alone would refuse, must not come into the lake.
    if (!severities.includes(foreignKey.severity)) {
      fault({
        code: "reference-invalid",
        message: `a foreign key joins ${nameOf(foreignKey)} with the severity ${JSON.stringify(foreignKey.severity)}`,
        hint: `a severity is ${severities.join(" or ")}`,
      });
    }
    for (const { owner } of [from, to]) {
      if (!isAsset(owner) || owned.has(owner)) continue;
      fault({
        code: "reference-unknown",
        message: `a foreign key joins ${nameOf(foreignKey)}, but the project does not list the asset "${owner.key}"`,
        hint: "add it to `assets` in defineProject, or take the foreign key away",
      });
    }
    for (const [start, end] of endsOf(foreignKey, owned)) {
      const check = foreignKeyCheck(foreignKey, keyOf(end));
      const ofStart = checks.get(keyOf(start)) ?? new Map<string, Check>();
      checks.set(keyOf(start), ofStart);
      const earlier = ofStart.get(check.id);
      if (earlier === undefined) ofStart.set(check.id, check);
      else if (JSON.stringify(earlier) !== JSON.stringify(check)) {
        fault({
          code: "reference-ambiguous",
          message: `two foreign keys lead from ${start.key} (${from.columns.join(", ")}) to ${end.key} and differ`,
          hint: "leave one of them: the same columns lead to one key of an asset, with one severity",
        });
      }
    }
  }
  return new Map([...checks].map(([key, ofStart]) => [key, [...ofStart.values()]]));
}

function foreignKeyCheck({ from, to, severity }: ForeignKey, asset: AssetKey): Check {
  return {
    id: `foreign_key(${from.columns.join(",")}→${asset})`,
    severity,
    kind: "foreign-key",
    columns: from.columns,
    references: { asset, columns: to.columns },
  };
}

/** Assets by what a foreign key can name them by: themselves, and the table they are copied from. */
function assetsByOwner(assets: Iterable<Asset>): ReadonlyMap<RelationOwner, readonly Asset[]> {
  const owned = new Map<RelationOwner, Asset[]>();
  for (const asset of assets) {
    owned.set(asset, [asset]);
    if (asset.making.kind !== "copy") continue;
    const { table } = asset.making.from;
    const copies = owned.get(table);
    if (copies === undefined) owned.set(table, [asset]);
    else copies.push(asset);
  }
  return owned;
}

function endsOf(
  { from, to }: ForeignKey,
  owned: ReadonlyMap<RelationOwner, readonly Asset[]>,
): readonly (readonly [start: Asset, end: Asset])[] {
  const joinsTables = !isAsset(from.owner) && !isAsset(to.owner);
  return (owned.get(from.owner) ?? []).flatMap((start) =>
    (owned.get(to.owner) ?? [])
      .filter((end) => !joinsTables || sourceOf(start) === sourceOf(end))
      .map((end) => [start, end] as const),
  );
}

function isAsset(owner: RelationOwner): owner is Asset {
  return "making" in owner;
}

function sourceOf(asset: Asset): string | undefined {
  return asset.making.kind === "copy" ? asset.making.from.source.name : undefined;
}

function nameOf({ from, to }: ForeignKey): string {
  const end = ({ owner, columns }: ForeignKey["from"]): string =>
    `${isAsset(owner) ? owner.key : owner.name}.${columns.join(",")}`;
  return `${end(from)} and ${end(to)}`;
}
