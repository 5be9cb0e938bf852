import type { Columns, ValueOf } from "./column.ts";

/**
 * What the options of a function asset must be besides, so that the rows it yields fit its columns: nothing where they
 * do, else a `columns` that names the fault at the column.
 *
 * Comparing two generators would say the same on a page, since the compiler goes down through `next`, a promise and an
 * iterator result before it comes to the column.
 */
export type RowsFit<Row, C extends Columns> = unknown extends Row // Not inferred yet, or any.
  ? unknown
  : [Row] extends [never]
    ? unknown
    : {
        readonly columns: [Row] extends [readonly unknown[]]
          ? YieldsLists
          : Declared<Row, C> & Undeclared<Row, C>;
      };

type YieldsLists = "run yields lists: it must yield rows one by one, as yield* does";

type Declared<Row, C extends Columns> = {
  readonly [K in keyof C]: K extends keyof Row
    ? [Row[K]] extends [ValueOf<C[K]>]
      ? C[K]
      : `run yields ${Named<Exclude<Row[K], ValueOf<C[K]>>>} in this column`
    : "run does not yield this column";
};

type Undeclared<Row, C extends Columns> = {
  readonly [K in keyof Row as string extends K
    ? never
    : K extends keyof C
      ? never
      : K]: "run yields this column";
};

/** A type in the words of a message. */
type Named<V> = V extends string
  ? string extends V
    ? "a string"
    : `"${V}"`
  : V extends number
    ? "a number"
    : V extends bigint
      ? "a bigint"
      : V extends boolean
        ? "a boolean"
        : V extends null
          ? "null"
          : V extends undefined
            ? "undefined"
            : "an object";
