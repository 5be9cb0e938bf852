import type { Asset } from "./asset.ts";
import type { Severity } from "./check.ts";
import type { Column, Columns } from "./column.ts";
import { callSite, type Position } from "./position.ts";
import type { Table } from "./table.ts";

declare const valueType: unique symbol;

/** What a foreign key can start from or lead to: a table of metadata (all assets made from it), or one asset. */
export type RelationOwner = Table | Asset;

/** Values of every row's columns `from.columns` are found in `to.columns`. It carries checks only: neither order nor staleness. */
export interface ForeignKey {
  readonly from: { readonly owner: RelationOwner; readonly columns: readonly string[] };
  readonly to: { readonly owner: RelationOwner; readonly columns: readonly string[] };
  readonly severity: Severity;
  readonly position: Position | undefined;
}

/** A column of a named table, inside {@link foreignKeys}. */
export interface ColumnReference<V> {
  readonly [valueType]?: V;
  readonly owner: RelationOwner;
  readonly column: string;
  /** Declares a foreign key; the types of both columns must be the same, null aside. `severity` is "blocking" unless told. */
  references(to: ColumnReference<V>, options?: { readonly severity?: Severity }): ForeignKey;
}

type ValueIn<C> = C extends Column<infer V, boolean> ? V : never;
type Owners = Readonly<Record<string, { readonly columns: Columns }>>;
type References<Ts extends Owners> = {
  readonly [T in keyof Ts]: {
    readonly [C in keyof Ts[T]["columns"]]: ColumnReference<ValueIn<Ts[T]["columns"][C]>>;
  };
};

/**
 * Declares the foreign keys among tables (or assets), all in one place: references inside the tables themselves would
 * break type inference on cycles.
 *
 * @example
 * foreignKeys({ orders, customers }, (t) => [t.orders.customer_id.references(t.customers.customer_id)]);
 */
export function foreignKeys<const Ts extends Readonly<Record<string, RelationOwner>>>(
  tables: Ts,
  declare: (tables: References<Ts>) => readonly ForeignKey[],
): readonly ForeignKey[] {
  const references: Record<string, Record<string, ColumnReference<unknown>>> = {};
  for (const [name, owner] of Object.entries(tables)) {
    const columns: Record<string, ColumnReference<unknown>> = {};
    for (const column of Object.keys(owner.columns)) columns[column] = columnReference(owner, column);
    references[name] = columns;
  }
  return Object.freeze([...declare(references as References<Ts>)]);
}

function columnReference(owner: RelationOwner, column: string): ColumnReference<unknown> {
  return Object.freeze({
    owner,
    column,
    references: function references(
      to: ColumnReference<unknown>,
      options: { readonly severity?: Severity } = {},
    ): ForeignKey {
      return Object.freeze({
        from: { owner, columns: [column] },
        to: { owner: to.owner, columns: [to.column] },
        severity: options.severity ?? "blocking",
        position: callSite(references),
      });
    },
  });
}
