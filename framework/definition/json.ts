/** What JSON can hold. Config must be this, so that it can be hashed and shown. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** JSON with sorted names: equal values give equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(",")}}`;
}

/** The path of the first part of `value` that JSON cannot hold (a function, a Date, undefined, NaN …), if there is one. */
export function notJson(value: unknown, path = "config"): string | undefined {
  switch (typeof value) {
    case "boolean":
    case "string":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : path;
    case "object": {
      if (value === null) return undefined;
      if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) {
          const inner = notJson(item, `${path}[${index}]`);
          if (inner !== undefined) return inner;
        }
        return undefined;
      }
      const prototype = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) return path;
      for (const [name, item] of Object.entries(value)) {
        const inner = notJson(item, `${path}.${name}`);
        if (inner !== undefined) return inner;
      }
      return undefined;
    }
    default:
      return path;
  }
}
