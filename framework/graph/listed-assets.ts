import { type Asset, inputsOf, keyOf } from "../definition/asset.ts";
import type { AssetKey } from "../definition/asset-key.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import type { Definitions } from "../definition/project.ts";
import type { Places } from "./places.ts";

/** Whether a value is an asset. A cycle of imports leaves a value undefined, whatever its type says. */
export function isAsset(input: unknown): input is Asset {
  return typeof input === "object" && input !== null && "making" in input;
}

/** What a project lists among its assets that is none. */
export function notAssets({ assets }: Definitions): readonly Diagnostic[] {
  return assets.flatMap((asset, index): readonly Diagnostic[] =>
    isAsset(asset)
      ? []
      : [
          {
            code: "asset-unknown",
            severity: "error",
            message: `number ${index + 1} of the project's assets is not an asset`,
            hint: "list what asset.from, asset.sql or asset.run gives (a cycle of imports leaves it undefined)",
          },
        ],
  );
}

/** Assets by key; of several with one key the first. */
export function uniqueAssets(
  assets: Iterable<Asset>,
  diagnostics: Diagnostic[],
  places: Places,
): ReadonlyMap<AssetKey, Asset> {
  const byKey = new Map<AssetKey, Asset>();
  for (const asset of assets) {
    const earlier = byKey.get(keyOf(asset));
    if (earlier === undefined) byKey.set(keyOf(asset), asset);
    else if (earlier !== asset) {
      const at = earlier.position && places.source(earlier.position);
      diagnostics.push({
        code: "key-duplicate",
        severity: "error",
        message: `two assets have the key "${asset.key}"`,
        hint: at
          ? `the other is declared at ${at.file}:${at.line}; give one of them another key`
          : "give one of them another key",
        ...(asset.position && { position: asset.position }),
      });
    }
  }
  return byKey;
}

/** The inputs of an asset that are no assets, or that the project does not list. */
export function unlistedInputs(asset: Asset, listed: ReadonlySet<Asset>): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const [name, input] of Object.entries(inputsOf(asset))) {
    if (!isAsset(input)) {
      diagnostics.push({
        code: "input-unknown",
        severity: "error",
        message: `${asset.key}: input "${name}" is not an asset`,
        hint: "an input is an asset itself, imported from the module that declares it (a cycle of imports leaves it undefined)",
        ...(asset.position && { position: asset.position }),
      });
    } else if (!listed.has(input)) {
      diagnostics.push({
        code: "input-unknown",
        severity: "error",
        message: `${asset.key}: input "${name}" is the asset "${input.key}", which the project does not list`,
        hint: "add it to `assets` in defineProject",
        ...(asset.position && { position: asset.position }),
      });
    }
  }
  return diagnostics;
}
