import type { Columns } from "./column.ts";

/** A table as metadata describes it, wherever its rows are kept: columns, key and meaning. */
export interface Table<Name extends string = string, C extends Columns = Columns> {
  readonly name: Name;
  readonly description: string | undefined;
  readonly columns: C;
  readonly primaryKey: readonly string[];
  /** Sets of columns that are unique beside the primary key. */
  readonly unique: readonly (readonly string[])[];
}

/**
 * Describes a table.
 *
 * @example
 * const sellers = table("sellers", {
 *   description: "One row per seller.",
 *   columns: { seller_id: string({ length: 32 }), seller_state: string({ length: 2 }) },
 *   primaryKey: ["seller_id"],
 * });
 */
export function table<const Name extends string, C extends Columns>(
  name: Name,
  about: {
    readonly description?: string;
    readonly columns: C;
    readonly primaryKey?: readonly (keyof C & string)[];
    readonly unique?: readonly (readonly (keyof C & string)[])[];
  },
): Table<Name, C> {
  return Object.freeze({
    name,
    description: about.description,
    columns: Object.freeze(about.columns),
    primaryKey: Object.freeze([...(about.primaryKey ?? [])]),
    unique: Object.freeze([...(about.unique ?? [])]),
  });
}
