import type { Position } from "./position.ts";

/** What kind of fault a diagnostic tells of. Names are for ever: people filter on them. */
export type DiagnosticCode =
  | "config-not-found"
  | "config-invalid"
  | "module-not-loaded"
  | "key-invalid"
  | "key-duplicate"
  | "column-name-invalid"
  | "column-unknown"
  | "column-declaration-invalid"
  | "policy-invalid"
  | "config-not-plain"
  | "asset-unknown"
  | "input-unknown"
  | "input-cycle"
  | "reference-unknown"
  | "reference-ambiguous"
  | "reference-invalid"
  | "resource-missing"
  | "resource-invalid"
  | "sql-parameter-invalid"
  | "sql-invalid"
  | "sql-column-missing"
  | "sql-column-undeclared"
  | "sql-column-type"
  | "code-free-name"
  | "code-captured-value"
  | "code-helper-in-asset-module";

/** A fault in definitions: what, where, and what to do. Collected and shown together, never thrown one at a time. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  /** What is wrong, in one sentence that names the thing. */
  readonly message: string;
  readonly position?: Position;
  /** What to do about it, or what would have been right. */
  readonly hint?: string;
}
