/** The front door: everything that a project's definitions need. */
export { type Asset, asset, type InputReader, type Log } from "./definition/asset.ts";
export {
  bigint,
  boolean,
  type Column,
  type Columns,
  date,
  decimal,
  double,
  integer,
  type RowOf,
  string,
  timestamp,
  type ValueOf,
} from "./definition/column.ts";
export {
  type Config,
  type ConfigContext,
  type Definitions,
  defineConfig,
  defineProject,
  type Resources,
} from "./definition/project.ts";
export { type ForeignKey, foreignKeys } from "./definition/relations.ts";
export {
  csvFolder,
  type GeneratedQueries,
  generatedTables,
  type SourceResource,
} from "./definition/resource.ts";
export { type Source, type SourceTable, source } from "./definition/source.ts";
export { alias, type Relation, type Sql, type SqlColumn, sql } from "./definition/sql.ts";
export { type Table, table } from "./definition/table.ts";
