import type { ColumnType } from "../../definition/column.ts";
import { typeName } from "../../definition/schema.ts";
import { unreachable } from "../../definition/unreachable.ts";

/** Which texts a column takes. Nothing is rounded, guessed or trimmed: what would lose something is refused. */
export interface FieldRule {
  /** SQL that turns the text into the column's type, or raises an error. */
  sql(text: string): string;
  /** Whether the column takes the text: the same rule outside the engine, to find the place of a fault. */
  accepts(text: string): boolean;
  /** What the column takes, in words: "a decimal(10,2)". */
  readonly expected: string;
}

export function fieldRule(type: ColumnType): FieldRule {
  switch (type.kind) {
    case "string":
      return { sql: (text) => text, accepts: () => true, expected: "text" };
    case "int32":
      return rule(type, "INTEGER", wholeNumber, (text) => fitsInteger(text, 31n));
    case "int64":
      return rule(type, "BIGINT", wholeNumber, (text) => fitsInteger(text, 63n));
    case "decimal": {
      const { precision, scale } = type;
      // More digits behind the point than declared are accepted only where they are zeros.
      const pattern = `[+-]?[0-9]+([.][0-9]{0,${scale}}0*)?`;
      return rule(type, `DECIMAL(${precision},${scale})`, pattern, (text) =>
        fitsDecimal(text, precision - scale),
      );
    }
    case "double":
      return rule(
        type,
        "DOUBLE",
        floatingPoint,
        (text) => Number.isFinite(Number(text)),
        (value) => `isfinite(${value})`,
      );
    case "boolean":
      return rule(type, "BOOLEAN", truth, () => true);
    case "date":
      return rule(type, "DATE", `${day}([ T]00:00:00([.]0*)?)?`, isMoment);
    case "timestamp":
      return rule(type, "TIMESTAMP", `${day}([ T]${time}([.][0-9]{1,6}0*)?)?`, isMoment);
    default:
      return unreachable(type);
  }
}

// "49.0" is how some tools write a column of whole numbers that holds nulls.
const wholeNumber = "[+-]?[0-9]+([.]0*)?";
const floatingPoint = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?";
const truth = "true|false|TRUE|FALSE|True|False|t|f|T|F|1|0";
const day = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";

// The patterns are of the small language that RE2 and JS have in common.
function rule(
  type: ColumnType,
  duckdbType: string,
  pattern: string,
  fits: (text: string) => boolean,
  condition?: (value: string) => string,
): FieldRule {
  const whole = new RegExp(`^(?:${pattern})$`);
  const name = typeName(type);
  return {
    sql: (text) => {
      const value = `cast(${text} as ${duckdbType})`;
      const also = condition ? ` and ${condition(value)}` : "";
      return `case when ${text} is null then null
        when regexp_full_match(${text}, '${pattern}')${also} then ${value}
        else error(concat('not a ${name}: ', ${text})) end`;
    },
    accepts: (text) => whole.test(text) && fits(text),
    expected: `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`,
  };
}

function fitsInteger(text: string, bits: bigint): boolean {
  const value = BigInt(text.replace(/[.]0*$/, "").replace(/^[+]/, ""));
  return value >= -(2n ** bits) && value < 2n ** bits;
}

function fitsDecimal(text: string, wholeDigits: number): boolean {
  const whole = /^[+-]?0*([0-9]*)/.exec(text)?.[1] ?? "";
  return whole.length <= wholeDigits;
}

function isMoment(text: string): boolean {
  const written = text.slice(0, 10);
  const moment = new Date(`${written}T00:00:00Z`);
  // JS takes February 30th for a day in March.
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(written);
}
