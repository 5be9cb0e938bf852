import type { Columns } from "./column.ts";
import { callSite, type Position } from "./position.ts";
import type { Table } from "./table.ts";

/** External data that assets are copied from: observed, never made here. Which server or folder it is, is a resource. */
export interface Source<Name extends string = string> {
  readonly name: Name;
  readonly description: string | undefined;
  readonly position: Position | undefined;
  /** One table of the source, for `asset.from`. */
  table<C extends Columns>(table: Table<string, C>): SourceTable<C>;
}

export interface SourceTable<C extends Columns = Columns> {
  readonly source: Source;
  readonly table: Table<string, C>;
}

/** Declares a source. The resource of the same name in assets.config.ts says where its data is in each environment. */
export function source<const Name extends string>(
  name: Name,
  about: { readonly description?: string } = {},
): Source<Name> {
  const declared: Source<Name> = Object.freeze({
    name,
    description: about.description,
    position: callSite(source),
    table: <C extends Columns>(table: Table<string, C>): SourceTable<C> =>
      Object.freeze({ source: declared, table }),
  });
  return declared;
}
