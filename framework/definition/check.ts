import type { AssetKey } from "./asset-key.ts";
import type { ColumnValue } from "./column.ts";

/** A blocking check that does not pass keeps the run from publishing; a warning is shown and nothing more. */
export type Severity = "blocking" | "warning";

/**
 * Something that must hold of the rows of a version, as plain data. `id` is its name within its asset, for example
 * `unique(order_id)`.
 */
export type Check = { readonly id: string; readonly severity: Severity } & (
  | { readonly kind: "not-null"; readonly column: string }
  | { readonly kind: "unique"; readonly columns: readonly string[] }
  | { readonly kind: "accepted-values"; readonly column: string; readonly values: readonly ColumnValue[] }
  | {
      readonly kind: "foreign-key";
      readonly columns: readonly string[];
      readonly references: { readonly asset: AssetKey; readonly columns: readonly string[] };
    }
);

/** What came of evaluating a check on one version (and, for a foreign key, on the version it refers to). */
export type CheckOutcome =
  | { readonly status: "passed" }
  | {
      readonly status: "failed";
      /** How many rows offend. */
      readonly rows: number;
      /** Some of the offending rows' values, as text, in the order of `sampleColumns`. */
      readonly sampleColumns: readonly string[];
      readonly sample: readonly (readonly (string | null)[])[];
    };
