import type { AssetKey } from "../definition/asset-key.ts";
import type { CheckOutcome, Severity } from "../definition/check.ts";
import type { Failure } from "../definition/failure.ts";
import type { DataVersion, RunId, VersionId } from "../lake/records.ts";
import type { Make } from "../plan/plan.ts";

/** What happened in a run. Names are for ever: they are kept in the lake. */
export type EventBody =
  | {
      readonly type: "run.planned";
      readonly environment: string;
      readonly selection: string;
      /** How many steps the plan has, by what it does about them. */
      readonly steps: Readonly<Record<Make["do"], number>>;
    }
  | {
      readonly type: "run.started";
      readonly pid: number;
      readonly host: string;
      readonly concurrency: number;
    }
  | {
      readonly type: "run.published";
      readonly environment: string;
      readonly assets: readonly AssetKey[];
      /** What was only read and has moved since: what was made from it is published, and stale already. */
      readonly readMoved: readonly AssetKey[];
    }
  | {
      readonly type: "run.ended";
      readonly outcome: "done" | "failed" | "interrupted";
      readonly durationMs: number;
      readonly failure?: Failure;
    }
  | { readonly type: "step.started"; readonly asset: AssetKey; readonly attempt: number }
  | { readonly type: "step.progressed"; readonly asset: AssetKey; readonly rows: number }
  | { readonly type: "step.logged"; readonly asset: AssetKey; readonly message: string }
  | {
      readonly type: "step.retried";
      readonly asset: AssetKey;
      readonly attempt: number;
      readonly waitMs: number;
      readonly failure: Failure;
    }
  | {
      readonly type: "step.made";
      readonly asset: AssetKey;
      readonly version: VersionId;
      readonly dataVersion: DataVersion;
      readonly rows: number;
      readonly bytes: number;
      readonly durationMs: number;
      /** Whether its rows are those of the version before: what is downstream then stays as it is. */
      readonly unchanged: boolean;
    }
  | {
      readonly type: "step.reused";
      readonly asset: AssetKey;
      readonly version: VersionId;
      readonly dataVersion: DataVersion;
      readonly rows: number;
    }
  | {
      readonly type: "step.skipped";
      readonly asset: AssetKey;
      readonly because: "inputs-equal" | "upstream-failed" | "stopped";
      readonly upstream: readonly AssetKey[];
    }
  | {
      readonly type: "step.failed";
      readonly asset: AssetKey;
      readonly failure: Failure;
      readonly durationMs: number;
    }
  | {
      readonly type: "check.passed";
      readonly asset: AssetKey;
      readonly check: string;
      readonly durationMs: number;
    }
  | {
      readonly type: "check.warned";
      readonly asset: AssetKey;
      readonly check: string;
      readonly outcome: CheckOutcome;
    }
  | {
      readonly type: "check.failed";
      readonly asset: AssetKey;
      readonly check: string;
      readonly severity: Severity;
      readonly outcome: CheckOutcome;
    }
  | {
      readonly type: "check.not-evaluated";
      readonly asset: AssetKey;
      readonly check: string;
      readonly because: string;
    };

/** An event as it is kept and shown: numbered from 1 within its run. */
export type RunEvent = EventBody & {
  readonly run: RunId;
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
};
