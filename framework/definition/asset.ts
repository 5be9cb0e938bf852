import { type AssetKey, parseAssetKey } from "./asset-key.ts";
import type { Columns, RowOf } from "./column.ts";
import { columnFaults } from "./column-faults.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { type Json, notJson } from "./json.ts";
import { type Policy, type PolicyOptions, readPolicy } from "./policy.ts";
import { callSite, type Position } from "./position.ts";
import type { RowsFit } from "./rows-fit.ts";
import type { SourceTable } from "./source.ts";
import type { Relation, Sql } from "./sql.ts";
import type { Table } from "./table.ts";

declare const columnsType: unique symbol;

/**
 * A declared table: what it is, what it is made from and how. Plain immutable data.
 *
 * The type carries the key and the columns but not the inputs, whose types would add up along the graph.
 */
export interface Asset<Key extends string = string, C extends Columns = Columns> {
  readonly [columnsType]?: C;
  readonly key: Key;
  readonly columns: C;
  readonly primaryKey: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly description: string | undefined;
  readonly group: string | undefined;
  readonly tags: readonly string[];
  readonly owner: string | undefined;
  readonly policy: Policy;
  readonly position: Position | undefined;
  readonly making: Making;
  /** Faults found while declaring it, shown with all others once the project is loaded. */
  readonly faults: readonly Diagnostic[];
}

export type Inputs = Readonly<Record<string, Asset>>;

/** How an asset is made. */
export type Making =
  | { readonly kind: "copy"; readonly from: SourceTable }
  | {
      readonly kind: "sql";
      readonly inputs: Inputs;
      readonly statement: (relations: Readonly<Record<string, Relation>>) => Sql;
    }
  | { readonly kind: "function"; readonly inputs: Inputs; readonly config: Json; readonly run: RunFunction };

/** What a function asset is given, without its types. */
export interface RunContext {
  readonly inputs: Readonly<Record<string, InputReader>>;
  readonly config: Json;
  /** Aborted when the run is cancelled or the step's time is over. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

export type RunFunction = (context: RunContext) => AsyncIterable<Readonly<Record<string, unknown>>>;

/** Writes a line to the step's log. */
export type Log = (message: string) => void;

/** An input of a function asset: its rows in batches of some thousand, read while they are used. */
export interface InputReader<Row = Readonly<Record<string, unknown>>> {
  /** How many rows there are. */
  readonly rows: number;
  batches(): AsyncIterable<readonly Row[]>;
}

/** What any asset can say of itself. */
export interface AssetOptions extends PolicyOptions {
  readonly description?: string;
  readonly group?: string;
  readonly tags?: readonly string[];
  readonly owner?: string;
}

/** What an asset that declares its own columns can say of itself. */
interface MadeOptions<C extends Columns> extends AssetOptions {
  readonly columns: C;
  readonly primaryKey?: readonly (keyof C & string)[];
  readonly unique?: readonly (readonly (keyof C & string)[])[];
}

type ColumnsOf<A> = A extends Asset<string, infer C> ? C : never;
type RelationsOf<I extends Inputs> = { readonly [K in keyof I]: Relation<ColumnsOf<I[K]>> };
type ReadersOf<I extends Inputs> = { readonly [K in keyof I]: InputReader<RowOf<ColumnsOf<I[K]>>> };

export interface SqlAssetOptions<I extends Inputs, C extends Columns> extends MadeOptions<C> {
  readonly inputs: I;
  readonly sql: (relations: RelationsOf<I>) => Sql;
}

/** What a function asset's `run` is given. */
export interface TypedRunContext<I extends Inputs, Config> {
  readonly inputs: ReadersOf<I>;
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface FunctionAssetOptions<I extends Inputs, C extends Columns, Config extends Json, Row>
  extends MadeOptions<C> {
  readonly inputs: I;
  /** Values that change what is made; hashed. JSON only. */
  readonly config?: Config;
  /** Yields the rows, one by one. An async generator, so that it is never ahead of the writer. */
  run(context: TypedRunContext<I, NoInfer<Config>>): AsyncGenerator<Row, void, void>;
}

/** Declares assets: one function for each way of making them, so that a mistake gives a short message. */
export const asset = Object.freeze({ from: assetFrom, sql: assetSql, run: assetRun });

/**
 * An asset that is a copy of a source's table; columns, key and description come from the table.
 *
 * @example
 * export const orders = asset.from("orders", shop.table(tables.orders), { group: "batch" });
 */
function assetFrom<const Key extends string, C extends Columns>(
  key: Key,
  from: SourceTable<C>,
  options: AssetOptions = {},
): Asset<Key, C> {
  const { table } = from;
  const about = { ...options, description: options.description ?? table.description ?? "" };
  return declare(key, table, about, { kind: "copy", from }, callSite(assetFrom));
}

/**
 * An asset made by one SQL statement over its inputs. What the statement puts out is compared with `columns` before
 * anything runs.
 */
function assetSql<const Key extends string, const I extends Inputs, C extends Columns>(
  key: Key,
  options: SqlAssetOptions<I, C>,
): Asset<Key, C> {
  const statement = options.sql as unknown as (relations: Readonly<Record<string, Relation>>) => Sql;
  return declare(
    key,
    options,
    options,
    { kind: "sql", inputs: options.inputs, statement },
    callSite(assetSql),
  );
}

/** An asset made by a function that yields its rows. A row that does not fit `columns` is an error there. */
function assetRun<
  const Key extends string,
  const I extends Inputs,
  C extends Columns,
  const Row,
  const Config extends Json = null,
>(
  key: Key,
  options: FunctionAssetOptions<I, C, Config, Row> & RowsFit<NoInfer<Row>, NoInfer<C>>,
): Asset<Key, C> {
  const run = options.run as unknown as RunFunction;
  const config: Json = options.config ?? null;
  return declare(
    key,
    options,
    options,
    { kind: "function", inputs: options.inputs, config, run },
    callSite(assetRun),
  );
}

type Shape<C extends Columns> = Pick<Table<string, C>, "columns"> &
  Partial<Pick<Table<string, C>, "primaryKey" | "unique">>;

function declare<Key extends string, C extends Columns>(
  key: Key,
  shape: Shape<C>,
  options: AssetOptions,
  making: Making,
  position: Position | undefined,
): Asset<Key, C> {
  const faults: Diagnostic[] = [];
  const fault = (diagnostic: Omit<Diagnostic, "severity" | "position">): void => {
    faults.push({ severity: "error", ...diagnostic, ...(position && { position }) });
  };
  const parsed = parseAssetKey(key);
  if (!parsed.ok) fault(parsed.error);
  const keys = [shape.primaryKey ?? [], ...(shape.unique ?? [])];
  for (const found of columnFaults(key, shape.columns, keys)) fault(found);
  const unplain = making.kind === "function" ? notJson(making.config) : undefined;
  if (unplain !== undefined) {
    fault({
      code: "config-not-plain",
      message: `${key}: ${unplain} is not JSON`,
      hint: "config holds numbers, texts, booleans, null, lists and plain objects, so that it can be hashed",
    });
  }
  return Object.freeze({
    key,
    columns: shape.columns,
    primaryKey: Object.freeze([...(shape.primaryKey ?? [])]),
    unique: Object.freeze([...(shape.unique ?? [])]),
    description: options.description,
    group: options.group,
    tags: Object.freeze([...(options.tags ?? [])]),
    owner: options.owner,
    policy: readPolicy(key, options, fault),
    position,
    making: Object.freeze(making),
    faults: Object.freeze(faults),
  });
}

/** The inputs of an asset by name; none for a copy. */
export function inputsOf(of: Asset): Inputs {
  return of.making.kind === "copy" ? {} : of.making.inputs;
}

/** Lets a key that a definition has already been checked for be used as one. */
export function keyOf(of: Asset): AssetKey {
  return of.key as AssetKey;
}
