import type { AssetKey } from "../definition/asset-key.ts";
import type { SourceToken } from "../definition/source-token.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import type { Environment, WorkRecord } from "../lake/records.ts";

/** All that a plan is made from: what is declared, what the lake holds, what the sources say. */
export interface PlanRequest {
  readonly graph: AssetGraph;
  /** In topological order. */
  readonly selected: readonly AssetKey[];
  readonly selection: string;
  readonly force: boolean;
  /** Whether nothing will be run: then what a run must refuse is planned all the same. */
  readonly isOnlyLook?: boolean;
  readonly environmentName: string;
  /** What the environment holds; undefined where it does not exist yet. */
  readonly environment: Environment | undefined;
  readonly codeVersions: ReadonlyMap<AssetKey, string>;
  /** Kind and major.minor version of the compute engine: "duckdb 1.5". */
  readonly engine: string;
  /** Tokens observed of the sources, by the asset that copies the table. */
  readonly tokens: ReadonlyMap<AssetKey, SourceToken>;
  /** Records of work looked up so far, by `workName`; null where there is none. */
  readonly recorded: ReadonlyMap<string, WorkRecord | null>;
  readonly lake: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly now: string;
}

/** The source that an asset is a copy of; null where it is none, or is not declared. */
export function sourceOf(graph: AssetGraph, key: AssetKey): string | null {
  const making = graph.assets.get(key)?.making;
  return making?.kind === "copy" ? making.source : null;
}
