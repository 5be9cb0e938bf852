import type { DuckDBConnection } from "@duckdb/node-api";
import type { ForeignKey, Table } from "../../framework/index.ts";
import { lookups, relations } from "../../metadata/relations.ts";
import { tables } from "../../metadata/tables.ts";

/** The DuckDB type of each column of a table, by name. */
export function duckdbTypes(table: Pick<Table, "columns">): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table.columns).map(([name, { type }]) => {
      if (type.kind === "decimal") return [name, `DECIMAL(${type.precision},${type.scale})`];
      const others = { string: "VARCHAR", int32: "INTEGER", int64: "BIGINT" } as Record<string, string>;
      return [name, others[type.kind] ?? type.kind.toUpperCase()];
    }),
  );
}

/** What the rows of the nine relations in `schema` violate of what metadata promises, one line for each promise. */
export async function contractViolations(
  connection: DuckDBConnection,
  schema: string,
): Promise<readonly string[]> {
  const promises: { readonly promise: string; readonly violations: string }[] = [];
  for (const [name, table] of Object.entries(tables) as [string, Table][]) {
    for (const [column, { isNullable, accepted }] of Object.entries(table.columns)) {
      if (!isNullable) {
        const violations = `select count(*) from ${schema}.${name} where ${column} is null`;
        promises.push({ promise: `${name}.${column} is never null`, violations });
      }
      if (accepted !== undefined) {
        const list = accepted.map((value) => (typeof value === "string" ? `'${value}'` : value)).join(", ");
        const violations = `select count(*) from ${schema}.${name} where ${column} not in (${list})`;
        promises.push({ promise: `${name}.${column} has accepted values`, violations });
      }
    }
    if (table.primaryKey.length > 0) {
      const key = table.primaryKey.join(", ");
      const violations = `select count(*) from (select 1 from ${schema}.${name} group by ${key} having count(*) > 1)`;
      promises.push({ promise: `${name}: ${key} is unique`, violations });
    }
  }
  for (const relation of relations) {
    promises.push({
      promise: `${side(relation.from)} leads to ${side(relation.to)}`,
      violations: orphans(schema, relation),
    });
  }
  const counted = await connection.runAndReadAll(
    promises
      .map(({ violations }, index) => `select ${index} as promise, (${violations}) as rows`)
      .join(" union all "),
  );
  const broken = new Map(counted.getRows().map(([index, rows]) => [Number(index), Number(rows)]));
  return promises.flatMap(({ promise }, index) => {
    const rows = broken.get(index);
    return rows === 0 ? [] : [`${promise}: ${rows} rows break it`];
  });
}

/** The values that find no counterpart by the one relation that only warns. */
export async function untranslatedCategories(
  connection: DuckDBConnection,
  schema: string,
): Promise<readonly unknown[]> {
  const [lookup] = lookups;
  if (lookup === undefined) throw new Error("there is no lookup");
  const found = await connection.runAndReadAll(
    `select distinct value from (${orphans(schema, lookup, "f.product_category_name as value")}) order by all`,
  );
  return found.getRows().map(([value]) => value);
}

function orphans(schema: string, { from, to }: ForeignKey, select = "count(*)"): string {
  const pairs = from.columns.map((column, index) => `f.${column} = t.${to.columns[index]}`).join(" and ");
  const present = from.columns.map((column) => `f.${column} is not null`).join(" and ");
  return `select ${select} from ${schema}.${name(from)} as f where ${present}
    and not exists (select 1 from ${schema}.${name(to)} as t where ${pairs})`;
}

function side(of: ForeignKey["from"]): string {
  return `${name(of)}.${of.columns.join("+")}`;
}

function name({ owner }: ForeignKey["from"]): string {
  return "name" in owner ? owner.name : owner.key;
}
