declare const valueType: unique symbol;

/** How a column is stored; the JS type of its values is the type parameter of {@link Column}. */
export type ColumnType =
  | { readonly kind: "string"; readonly length?: number }
  | { readonly kind: "int32" }
  | { readonly kind: "int64" }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "double" }
  | { readonly kind: "boolean" }
  | { readonly kind: "date" }
  | { readonly kind: "timestamp" };

/** A value that a column can be restricted to. */
export type ColumnValue = string | number | bigint | boolean;

/**
 * A column of a table: its type, whether it may be null, and what it means. Immutable: each method gives a new column.
 *
 * `V` is the JS type of its values and `N` whether null is among them.
 */
export interface Column<V = unknown, N extends boolean = boolean> {
  readonly [valueType]?: V;
  readonly type: ColumnType;
  readonly isNullable: N;
  readonly description: string | undefined;
  /** The values it is restricted to; undefined where any will do. */
  readonly accepted: readonly ColumnValue[] | undefined;
  /** The same column, with null among its values. */
  nullable(): Column<V, true>;
  /** The same column, restricted to these values; a blocking check sees to it. */
  oneOf<const O extends readonly V[]>(values: O): Column<O[number], N>;
  /** The same column with a description; never makes anything stale. */
  describe(description: string): Column<V, N>;
}

export type Columns = Readonly<Record<string, Column>>;

/** The JS type of a column's values: decimal and date are strings, int64 and timestamp (microseconds since 1970, UTC) bigints. */
export type ValueOf<C> = C extends Column<infer V, infer N> ? (N extends true ? V | null : V) : never;

/** A row as functions read and yield it. */
export type RowOf<C extends Columns> = { readonly [K in keyof C]: ValueOf<C[K]> };

/** Text in UTF-8. `length` is the longest it can be in characters: used for DDL, not checked. */
export function string(options: { readonly length?: number } = {}): Column<string, false> {
  return column({ kind: "string", ...options });
}

/** A whole number of 32 bits. */
export function integer(): Column<number, false> {
  return column({ kind: "int32" });
}

/** A whole number of 64 bits; a bigint in JS. */
export function bigint(): Column<bigint, false> {
  return column({ kind: "int64" });
}

/** An exact number with `precision` digits (1 to 38), `scale` of them behind the point; a string in JS, like "99.90". */
export function decimal(precision: number, scale: number): Column<string, false> {
  return column({ kind: "decimal", precision, scale });
}

/** A floating-point number of 64 bits. */
export function double(): Column<number, false> {
  return column({ kind: "double" });
}

export function boolean(): Column<boolean, false> {
  return column({ kind: "boolean" });
}

/** A day without a time; a string like "2018-10-17" in JS. */
export function date(): Column<string, false> {
  return column({ kind: "date" });
}

/** A moment with microseconds and without a zone; a bigint of microseconds since 1970-01-01 in JS. */
export function timestamp(): Column<bigint, false> {
  return column({ kind: "timestamp" });
}

function column<V>(type: ColumnType): Column<V, false> {
  return build<V, false>({ type, isNullable: false, description: undefined, accepted: undefined });
}

type ColumnData<N extends boolean> = Pick<
  Column<unknown, N>,
  "type" | "isNullable" | "description" | "accepted"
>;

function build<V, N extends boolean>(data: ColumnData<N>): Column<V, N> {
  return Object.freeze({
    ...data,
    nullable: () => build<V, true>({ ...data, isNullable: true }),
    oneOf: <const O extends readonly V[]>(values: O) =>
      build<O[number], N>({ ...data, accepted: Object.freeze([...values]) as readonly ColumnValue[] }),
    describe: (description: string) => build<V, N>({ ...data, description }),
  });
}
