import type { AssetKey } from "../definition/asset-key.ts";
import type { Check } from "../definition/check.ts";
import type { Json } from "../definition/json.ts";
import type { Policy } from "../definition/policy.ts";
import type { Position } from "../definition/position.ts";
import type { TableSchema } from "../definition/schema.ts";
import type { RenderedText } from "../definition/sql.ts";

/** What selections call `kind:`. */
export type AssetKind =
  | "copy"
  | "sql"
  | "function"
  | "load"
  | "effect"
  | "dbt-model"
  | "dbt-seed"
  | "dbt-snapshot";

/** An edge that carries data: a new data version of `asset` makes the consumer stale. */
export interface InputEdge {
  /** The name that the consumer gave it. */
  readonly name: string;
  readonly asset: AssetKey;
}

/** How an asset is made, as far as it is plain data. */
export type MakingSpec =
  | { readonly kind: "copy"; readonly source: string; readonly table: string }
  | { readonly kind: "sql"; readonly statement: string; readonly pieces: readonly RenderedText[] }
  | { readonly kind: "function"; readonly config: Json };

/** An asset as a graph holds it: plain data that can be kept in a file, without the functions of its definition. */
export interface AssetSpec {
  readonly key: AssetKey;
  readonly kind: AssetKind;
  readonly description: string | undefined;
  readonly group: string | undefined;
  readonly tags: readonly string[];
  readonly owner: string | undefined;
  readonly position: Position | undefined;
  readonly schema: TableSchema;
  /** Descriptions of columns, by name, where there are any. */
  readonly columnDescriptions: Readonly<Record<string, string>>;
  readonly policy: Policy;
  readonly making: MakingSpec;
  /** Sorted by name. */
  readonly inputs: readonly InputEdge[];
  /** All checks on its rows; a foreign key among them is also an edge. */
  readonly checks: readonly Check[];
}
