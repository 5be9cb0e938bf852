import { createHash } from "node:crypto";
import type { Check } from "../definition/check.ts";
import { canonicalJson, type Json } from "../definition/json.ts";

/** Identity of a check's definition: what it asserts, without its name. Whether it blocks decides nothing about its outcome. */
export function checkCode(check: Check): string {
  const { id: _id, severity: _severity, ...meaning } = check;
  const plain: unknown = JSON.parse(
    JSON.stringify(meaning, (_key, value) => (typeof value === "bigint" ? `${value}n` : value)),
  );
  return createHash("sha256")
    .update(canonicalJson(plain as Json))
    .digest("hex")
    .slice(0, 16);
}
