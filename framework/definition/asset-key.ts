import type { Diagnostic } from "./diagnostic.ts";
import { err, ok, type Result } from "./result.ts";

declare const brand: unique symbol;

/** The name of an asset: segments of `[a-z][a-z0-9_]*` joined by `/`, for example `warehouse/orders`. */
export type AssetKey = string & { readonly [brand]: "AssetKey" };

const segment = /^[a-z][a-z0-9_]*$/;
const longest = 200;

/**
 * Reads a text as an asset key.
 *
 * The narrow alphabet is what keeps keys inside the lake: a key can hold neither `..`, nor a dot, nor a separator of
 * any file system, so that no key can name a place outside its folder.
 */
export function parseAssetKey(text: string): Result<AssetKey, Diagnostic> {
  const segments = text.split("/");
  if (text.length <= longest && segments.every((part) => segment.test(part))) return ok(text as AssetKey);
  return err({
    code: "key-invalid",
    severity: "error",
    message: `"${text}" is not an asset key`,
    hint: `a key is made of segments like orders or daily_revenue (a-z, 0-9, _), joined by /, ${longest} characters at most`,
  });
}

/** The form of a key that names a folder of the lake: `/` becomes `.`, so that no object key is a prefix of another. */
export function storedKey(key: AssetKey): string {
  return key.replaceAll("/", ".");
}
