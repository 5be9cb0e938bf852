import { assetKeyPattern, identifierPattern } from "./name-patterns.ts";
import { type Environment, type EnvironmentEntry, formatVersion } from "./records.ts";

/*
 * The whole of `environmentSchema` by hand. Each plan reads the environment, and over 10,000 assets the schema takes
 * more than all else in a plan that finds nothing to do. This check only ever says yes or no: where it says no, the
 * schema says what is wrong. A property test compares the two.
 */

/** Whether a parsed file is an environment, down to the last field. */
export function isEnvironment(value: unknown): value is Environment {
  return (
    isObject(value) &&
    value["formatVersion"] === formatVersion &&
    isText(value["name"]) &&
    (value["parent"] === null || isParent(value["parent"])) &&
    isRecord(value["assets"], isAssetKey, isEntry) &&
    isList(value["states"], isState) &&
    isRecord(value["generations"], isText, isText) &&
    isList(value["pending"], isPending) &&
    isCount(value["counter"])
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isEntry(value: unknown): value is EnvironmentEntry {
  return (
    isObject(value) &&
    isIdentifier(value["version"]) &&
    value["partitions"] === "whole" &&
    isText(value["dataVersion"]) &&
    isFingerprint(value["fingerprint"]) &&
    isList(value["checks"], isCheck) &&
    (value["source"] === null || isToken(value["source"])) &&
    isTextOrNull(value["snapshot"]) &&
    isRecord(value["inputs"], isText, isAssetKey) &&
    isCount(value["rows"]) &&
    isCount(value["bytes"]) &&
    isText(value["madeAt"]) &&
    isNumber(value["durationMs"]) &&
    isIdentifier(value["run"])
  );
}

function isFingerprint(value: unknown): boolean {
  return isObject(value) && isText(value["digest"]) && isList(value["parts"], isFingerprintPart);
}

function isFingerprintPart(value: unknown): boolean {
  return isObject(value) && isText(value["name"]) && isText(value["value"]);
}

function isCheck(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value["id"]) &&
    (value["severity"] === "blocking" || value["severity"] === "warning") &&
    isText(value["code"]) &&
    isRecord(value["references"], isAssetKey, isIdentifier) &&
    isOutcome(value["outcome"]) &&
    isText(value["evaluatedAt"])
  );
}

function isOutcome(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value["status"] === "passed") return true;
  return (
    value["status"] === "failed" &&
    isCount(value["rows"]) &&
    isList(value["sampleColumns"], isText) &&
    isList(value["sample"], isSampleRow)
  );
}

function isSampleRow(value: unknown): boolean {
  return isList(value, isTextOrNull);
}

function isToken(value: unknown): boolean {
  return (
    isObject(value) &&
    (value["strength"] === "strong" || value["strength"] === "weak") &&
    isText(value["value"]) &&
    isText(value["scope"]) &&
    typeof value["synthetic"] === "boolean"
  );
}

function isParent(value: unknown): boolean {
  return (
    isObject(value) &&
    isText(value["name"]) &&
    (value["follows"] === "creation" || value["follows"] === "live")
  );
}

function isState(value: unknown): boolean {
  return (
    isObject(value) &&
    isIdentifier(value["run"]) &&
    isText(value["at"]) &&
    isRecord(value["replaced"], isAssetKey, isEntryOrNull)
  );
}

function isEntryOrNull(value: unknown): boolean {
  return value === null || isEntry(value);
}

function isPending(value: unknown): boolean {
  return isObject(value) && isText(value["server"]) && isText(value["generation"]) && isText(value["clone"]);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isRecord(
  value: unknown,
  isName: (name: string) => boolean,
  isItem: (item: unknown) => boolean,
): boolean {
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) if (!isName(name) || !isItem(value[name])) return false;
  return true;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

function isIdentifier(value: unknown): boolean {
  return typeof value === "string" && identifierPattern.test(value);
}

function isAssetKey(value: unknown): boolean {
  return typeof value === "string" && assetKeyPattern.test(value);
}
