import type { Effect } from "./load-effects.ts";
import type { NameUse } from "./syntax-digest.ts";

/** A stretch of text: line and column of its start and end, from 1. */
export type TextRange = readonly [line: number, column: number, endLine: number, endColumn: number];

/** Something at the top of a module: a declaration, or a statement that only runs. */
export interface Declaration {
  readonly names: readonly string[];
  readonly tree: PlacedTree;
  readonly effect: Effect;
  /** What calling it does, where it is a function. */
  readonly calling: Effect | null;
  /** The names its value is made of; see {@link valueRoots}. */
  readonly roots: readonly string[] | null;
  readonly range: TextRange;
  /** The functions in it, the outermost only. */
  readonly functions: readonly TextRange[];
}

/** A call whose options hold `run`, as `asset.run` is called. */
export interface RunCall {
  /** What is called: where a stack trace says that the call stands. */
  readonly callee: TextRange;
  readonly run: PlacedTree;
}

export interface PlacedTree {
  readonly digest: string;
  readonly names: readonly PlacedName[];
}

export type PlacedName = Omit<NameUse, "at"> & { readonly line: number; readonly column: number };

/** Where a name that a module imports or hands on comes from; `name` is `*` for all of a module. */
export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
}

/** What one module says, as far as code versions need it. It depends on the module's text and nothing else. */
export interface ModuleSummary {
  /** A module that cannot be read as one: JSON, CommonJS. It counts as a whole. */
  readonly whole: boolean;
  readonly declarations: readonly Declaration[];
  readonly imports: Readonly<Record<string, ImportedName>>;
  /** Exported names: of a name of the module, or of another module. */
  readonly exports: Readonly<Record<string, { readonly local: string } | ImportedName>>;
  /** Modules whose exports are all handed on. */
  readonly stars: readonly string[];
  /** All modules that loading this one loads, in order. */
  readonly sources: readonly string[];
  /** Those of them that are imported without names, for what loading them does. */
  readonly bareSources: readonly string[];
  readonly runs: readonly RunCall[];
}

export const wholeModule: ModuleSummary = {
  whole: true,
  declarations: [],
  imports: {},
  exports: {},
  stars: [],
  sources: [],
  bareSources: [],
  runs: [],
};
