import type { ColumnType } from "../../definition/column.ts";
import { typeName } from "../../definition/schema.ts";
import { unreachable } from "../../definition/unreachable.ts";
import { daysOf } from "./calendar.ts";

/** Given in place of a value that a column cannot hold. */
export const refused = Symbol("refused");

/** A value as it is staged: the number, text or boolean itself, or the integer that DuckDB stores it as. */
export type StagedValue = string | number | bigint | boolean | typeof refused;

const int32 = 2 ** 31;
const int64 = 2n ** 63n;
// DuckDB keeps the outermost microseconds for infinity and what no date can be made of.
const earliest = -9_223_372_022_400_000_000n;
const latest = int64 - 2n;

/** Turns a JS value that is not null into what the column stores, exactly or not at all. */
export function stagedValue(type: ColumnType): (value: unknown) => StagedValue {
  switch (type.kind) {
    case "string":
      return (value) => (typeof value === "string" && !loneSurrogate.test(value) ? value : refused);
    case "int32":
      return (value) =>
        typeof value === "number" && Number.isInteger(value) && value >= -int32 && value < int32
          ? value
          : refused;
    case "int64":
      return (value) => (typeof value === "bigint" && value >= -int64 && value < int64 ? value : refused);
    case "double":
      return (value) => (typeof value === "number" ? value : refused);
    case "boolean":
      return (value) => (typeof value === "boolean" ? value : refused);
    case "decimal": {
      const { precision, scale } = type;
      const limit = 10n ** BigInt(precision);
      return (value) => (typeof value === "string" ? scaled(value, scale, limit) : refused);
    }
    case "date":
      return (value) => (typeof value === "string" ? (daysOf(value) ?? refused) : refused);
    case "timestamp":
      return (value) => (typeof value === "bigint" && value >= earliest && value <= latest ? value : refused);
    default:
      return unreachable(type);
  }
}

// UTF-8 has no place for half of a pair; DuckDB would store another character.
const loneSurrogate = /[\uD800-\uDFFF]/u;
const decimalText = /^([+-]?)(\d+)(?:\.(\d*))?$/;

function scaled(text: string, scale: number, limit: bigint): bigint | typeof refused {
  const match = decimalText.exec(text);
  if (!match) return refused;
  const [, sign, whole = "", fraction = ""] = match;
  if (/[^0]/.test(fraction.slice(scale))) return refused;
  const digits = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  if (digits >= limit) return refused;
  return sign === "-" ? -digits : digits;
}

/** What a column takes, in words. */
export function expectedValue(type: ColumnType): string {
  switch (type.kind) {
    case "string":
      return "a string of whole Unicode characters";
    case "int32":
      return "a whole number of 32 bits";
    case "int64":
      return "a bigint of 64 bits";
    case "double":
      return "a number";
    case "boolean":
      return "true or false";
    case "decimal":
      return `a ${typeName(type)} as a string, such as "${(12.5).toFixed(Math.min(type.scale, 2))}"`;
    case "date":
      return 'a date as a string, such as "2018-10-17"';
    case "timestamp":
      return "a timestamp as a bigint of microseconds since 1970";
    default:
      return unreachable(type);
  }
}

/** A value as a message shows it. */
export function shownValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    case "bigint":
      return `${value}n (a bigint)`;
    case "number":
      return `${value} (a number)`;
    case "object":
      return value === null ? "null" : `an object of ${value.constructor?.name ?? "no class"}`;
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    default:
      return String(value);
  }
}
