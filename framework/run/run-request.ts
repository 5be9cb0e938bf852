import type { RunFunction } from "../definition/asset.ts";
import type { AssetKey } from "../definition/asset-key.ts";
import type { ComputeEngine } from "../definition/compute-port.ts";
import type { Failure } from "../definition/failure.ts";
import type { Result } from "../definition/result.ts";
import type { SourceEngine } from "../definition/source-port.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import type { Environment, RunId } from "../lake/records.ts";
import type { Store } from "../lake/storage/store.ts";
import type { Plan } from "../plan/plan.ts";
import type { EventBody } from "./event.ts";

/** All that a run needs. What is heavy is given as functions, and asked for only when there is work for it. */
export interface RunRequest {
  readonly run: RunId;
  readonly plan: Plan;
  readonly graph: AssetGraph;
  readonly store: Store;
  /** What the plan was made from; undefined where the environment did not exist. */
  readonly environment: Environment | undefined;
  readonly compute: ComputeEngine;
  readonly sourceEngine: (source: string) => Promise<Result<SourceEngine, Failure>>;
  readonly functionOf: (asset: AssetKey) => RunFunction | undefined;
  readonly concurrency: number;
  readonly pools: Readonly<Record<string, number>>;
  readonly failFast: boolean;
  /** Aborted to cancel: nothing new is started, what runs is interrupted. */
  readonly signal: AbortSignal;
  readonly emit: (event: EventBody) => void;
  /** Waits until all events so far are in the lake. */
  readonly flush: () => Promise<Result<void, Failure>>;
  readonly now: () => Date;
}
