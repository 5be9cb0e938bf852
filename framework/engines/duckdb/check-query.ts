import type { AssetKey } from "../../definition/asset-key.ts";
import type { Check } from "../../definition/check.ts";
import type { ColumnType, ColumnValue } from "../../definition/column.ts";
import type { TableSchema } from "../../definition/schema.ts";
import { unreachable } from "../../definition/unreachable.ts";
import { duckdbType, literal, quoted } from "./column-type.ts";

/** The name of the rows that are checked. No asset can have it. */
export const checkedRows = " rows";

/** The name of the rows that a foreign key leads to. */
export function referenceName(asset: AssetKey): string {
  return ` rows of ${asset}`;
}

/** The two questions of a check: how many rows offend, and which are some of them. */
export interface CheckQuery {
  readonly count: string;
  readonly sampleColumns: readonly string[];
  /** A query of the sample's columns, ordered, without a limit. */
  readonly sample: string;
}

/** Nulls offend a not-null check and no other: an unknown value is neither repeated, nor wrong, nor without a parent. */
export function checkQuery(check: Check, schema: TableSchema): CheckQuery {
  switch (check.kind) {
    case "not-null":
      return offending(`${quoted(check.column)} is null`, [check.column], schema);
    case "accepted-values":
      return offending(notAccepted(check, schema), [check.column], schema);
    case "foreign-key":
      return offending(withoutParent(check), check.columns, schema);
    case "unique":
      return repeated(check.columns);
    default:
      return unreachable(check);
  }
}

function offending(condition: string, columns: readonly string[], schema: TableSchema): CheckQuery {
  const sampleColumns = [...new Set([...schema.primaryKey, ...columns])];
  const list = sampleColumns.map((name) => `r.${quoted(name)}`).join(", ");
  const rows = `from ${quoted(checkedRows)} r where ${condition}`;
  return {
    count: `select count(*) ${rows}`,
    sampleColumns,
    sample: `select ${list} ${rows} order by ${list}`,
  };
}

function repeated(columns: readonly string[]): CheckQuery {
  const list = columns.map(quoted).join(", ");
  const known = columns.map((name) => `${quoted(name)} is not null`).join(" and ");
  const groups = `select ${list}, count(*) as " times" from ${quoted(checkedRows)} where ${known}
    group by ${list} having count(*) > 1`;
  return {
    count: `select coalesce(sum(" times"), 0) from (${groups})`,
    sampleColumns: [...columns, "rows"],
    sample: `${groups} order by ${list}`,
  };
}

function notAccepted(check: Check & { kind: "accepted-values" }, schema: TableSchema): string {
  const column = quoted(check.column);
  const declared = schema.columns.find(({ name }) => name === check.column);
  if (!declared) throw new Error(`Internal error: check ${check.id} is of no column of its version`);
  if (check.values.length === 0) return `${column} is not null`;
  return `${column} not in (${check.values.map((value) => valueLiteral(value, declared.type)).join(", ")})`;
}

function valueLiteral(value: ColumnValue, type: ColumnType): string {
  if (type.kind === "timestamp" && typeof value === "bigint") return `make_timestamp(${value}::bigint)`;
  return `cast(${literal(String(value))} as ${duckdbType(type)})`;
}

function withoutParent(check: Check & { kind: "foreign-key" }): string {
  const { asset, columns: parents } = check.references;
  const known = check.columns.map((name) => `r.${quoted(name)} is not null`);
  const same = check.columns.map((name, index) => `p.${quoted(parents[index] ?? "")} = r.${quoted(name)}`);
  return `${known.join(" and ")} and not exists (
    select 1 from ${quoted(referenceName(asset))} p where ${same.join(" and ")})`;
}
