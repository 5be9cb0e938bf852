import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";
import { preparePlan } from "../../cli/prepare-plan.ts";
import type { ProjectSession } from "../../cli/project-session.ts";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { ComputeEngine } from "../../framework/definition/compute-port.ts";
import type { Failure } from "../../framework/definition/failure.ts";
import type { Definitions } from "../../framework/definition/project.ts";
import { err, ok, type Result } from "../../framework/definition/result.ts";
import type { SourceEngine } from "../../framework/definition/source-port.ts";
import { createDuckdbEngine } from "../../framework/engines/duckdb/create-duckdb-engine.ts";
import type { AssetGraph } from "../../framework/graph/asset-graph.ts";
import { buildAssetGraph } from "../../framework/graph/build-asset-graph.ts";
import { readEnvironment } from "../../framework/lake/environments.ts";
import { newRunId } from "../../framework/lake/identifiers.ts";
import type { Environment, RunId } from "../../framework/lake/records.ts";
import { openLocalStore } from "../../framework/lake/storage/local.ts";
import type { Store } from "../../framework/lake/storage/store.ts";
import type { Plan } from "../../framework/plan/plan.ts";
import type { EventBody, RunEvent } from "../../framework/run/event.ts";
import { executePlan } from "../../framework/run/execute-plan.ts";
import type { RunRequest } from "../../framework/run/run-request.ts";
import type { RunResult } from "../../framework/run/run-result.ts";
import { createVersionReader } from "../../framework/run/version-reader.ts";

/** A project as a test declares it, and what its sources are. */
export interface RigProject {
  readonly project: Definitions;
  readonly sources?: Readonly<Record<string, SourceEngine>>;
  readonly pools?: Readonly<Record<string, number>>;
  /** Code versions by asset; the others are told from the declaration's own text. */
  readonly code?: Readonly<Record<string, string>>;
}

export interface RigRunOptions {
  /** Keys; everything unless told. */
  readonly select?: readonly string[];
  readonly force?: boolean;
  readonly environment?: string;
  readonly concurrency?: number;
  readonly failFast?: boolean;
  readonly signal?: AbortSignal;
  /** A plan made before, in place of one made now. */
  readonly plan?: PlanAndEnvironment;
  /** The store as this run sees it. */
  readonly store?: Store;
  /** What the run is told when it asks for its events to be on record; that they are, unless told. */
  readonly flush?: RunRequest["flush"];
  /** Called with each event as it is emitted. */
  readonly onEvent?: (event: RunEvent) => unknown;
}

export interface PlanAndEnvironment {
  readonly plan: Plan;
  readonly environment: Environment | undefined;
}

/** What a run did. */
export interface RigRun {
  readonly run: RunId;
  readonly plan: Plan;
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  /** Events after the end of the run: must stay empty. */
  readonly late: readonly EventBody[];
  /** What the environment holds after it. */
  readonly environment: Environment | undefined;
}

export type Row = Readonly<Record<string, unknown>>;

/** A project and a lake in a folder of its own; plans and runs are those of the framework. */
export interface RunRig {
  readonly store: Store;
  /** The lake's folder. */
  readonly lake: string;
  /** Declares the project anew, as an edit would. */
  declare(project: RigProject): void;
  graph(): AssetGraph;
  tryPlan(options?: RigRunOptions): Promise<Result<Plan, Failure>>;
  plan(options?: RigRunOptions): Promise<Plan>;
  /** A plan over an environment of the test's choice. */
  planOver(environment: Environment | undefined, options?: RigRunOptions): Promise<Plan>;
  planAndEnvironment(options?: RigRunOptions): Promise<PlanAndEnvironment>;
  materialize(options?: RigRunOptions): Promise<RigRun>;
  environment(name?: string): Promise<Environment | undefined>;
  /** The rows of the current version, as the engine reads them. */
  rows(asset: string, environment?: string): Promise<readonly Row[]>;
  /** The objects under a prefix of the lake. */
  objects(prefix: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

const unstopped = new AbortController().signal;

/** One DuckDB for all tests of a file; to be called outside of tests. */
export function sharedDuckdb(): ComputeEngine {
  const engine = createDuckdbEngine({ temporaryFolder: join(tmpdir(), "assets-run-rig"), threads: 2 });
  afterAll(() => engine.close());
  return engine;
}

export async function createRunRig(compute: ComputeEngine, declared: RigProject): Promise<RunRig> {
  const folder = await mkdtemp(join(tmpdir(), "assets-run-"));
  const lake = join(folder, "lake");
  const store = openLocalStore(lake, "./lake");
  let session = sessionOf(declared, store, compute, folder);

  const rig: RunRig = {
    store,
    lake,
    declare(project) {
      session = sessionOf(project, store, compute, folder);
    },
    graph: () => session.graph,
    async tryPlan(options = {}) {
      const environment = await rig.environment(options.environment);
      return await planFor(session, environment, options);
    },
    async plan(options = {}) {
      return expectValue(await rig.tryPlan(options));
    },
    async planOver(environment, options = {}) {
      return expectValue(await planFor(session, environment, options));
    },
    async planAndEnvironment(options = {}) {
      const environment = await rig.environment(options.environment);
      return { plan: expectValue(await planFor(session, environment, options)), environment };
    },
    async materialize(options = {}) {
      const planned = options.plan ?? (await rig.planAndEnvironment(options));
      return await runPlan(session, planned, options);
    },
    async environment(name = session.environmentName) {
      return expectValue(await readEnvironment(store, name))?.environment;
    },
    async rows(asset, environment) {
      const entry = (await rig.environment(environment))?.assets[asset as AssetKey];
      if (entry === undefined) throw new Error(`${asset} was never published`);
      const reader = createVersionReader(store);
      const relation = expectValue(await reader.relation(asset as AssetKey, entry.version));
      const rows: Row[] = [];
      for await (const batch of compute.read(relation, unstopped)) rows.push(...batch);
      return rows;
    },
    async objects(prefix) {
      const keys: string[] = [];
      for await (const key of store.list(prefix)) keys.push(expectValue(key));
      return keys;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
  return rig;
}

/** A rig that is removed when the test is over. */
export async function openRunRig(compute: ComputeEngine, declared: RigProject): Promise<RunRig> {
  const rig = await createRunRig(compute, declared);
  onTestFinished(() => rig.close());
  return rig;
}

function sessionOf(
  declared: RigProject,
  store: Store,
  compute: ComputeEngine,
  folder: string,
): ProjectSession {
  const { project, sources = {}, pools = {}, code = {} } = declared;
  const { graph, diagnostics } = buildAssetGraph(project);
  if (graph === undefined) throw new Error(JSON.stringify(diagnostics, undefined, 2));
  const making = new Map(project.assets.map((asset) => [asset.key, asset.making]));
  const codeVersions = new Map(
    [...graph.assets].map(([key, spec]) => {
      const how = making.get(key);
      const text = how?.kind === "function" ? how.run.toString() : JSON.stringify(spec.making);
      return [key, (Object.hasOwn(code, key) ? code[key] : undefined) ?? text];
    }),
  );
  return {
    root: folder,
    cacheFolder: join(folder, "cache"),
    variables: {},
    environmentName: "dev",
    graph,
    codeVersions,
    warnings: [],
    store,
    pools,
    compute,
    functionOf: (asset) => {
      const how = making.get(asset);
      return how?.kind === "function" ? how.run : undefined;
    },
    withSources: (line) => line,
    async sourceEngine(source) {
      const engine = Object.hasOwn(sources, source) ? sources[source] : undefined;
      if (engine !== undefined) return ok(engine);
      return err({ reason: "resource-missing", message: `no resource for the source "${source}"` });
    },
    close: async () => {},
  };
}

function planFor(
  session: ProjectSession,
  environment: Environment | undefined,
  options: RigRunOptions,
): Promise<Result<Plan, Failure>> {
  const { select, force = false, environment: name = session.environmentName } = options;
  const wanted = select && new Set(select);
  const selected = session.graph.order.filter((key) => wanted === undefined || wanted.has(key));
  const selection = select?.join(" ") ?? "";
  return preparePlan(
    { ...session, environmentName: name },
    environment,
    { selected, selection, force },
    options.signal ?? unstopped,
  );
}

async function runPlan(
  session: ProjectSession,
  { plan, environment }: PlanAndEnvironment,
  options: RigRunOptions,
): Promise<RigRun> {
  const run = newRunId();
  const events: RunEvent[] = [];
  const late: EventBody[] = [];
  let ended = false;
  const result = await executePlan({
    run,
    plan,
    graph: session.graph,
    store: options.store ?? session.store,
    environment,
    compute: session.compute,
    sourceEngine: session.sourceEngine,
    functionOf: session.functionOf,
    concurrency: options.concurrency ?? 4,
    pools: session.pools,
    failFast: options.failFast ?? false,
    signal: options.signal ?? unstopped,
    emit: (body) => {
      if (ended) {
        late.push(body);
        return;
      }
      const event: RunEvent = { run, sequence: events.length + 1, at: new Date().toISOString(), ...body };
      events.push(event);
      options.onEvent?.(event);
    },
    flush: options.flush ?? (async () => ok(undefined)),
    now: () => new Date(),
  });
  ended = true;
  const held = expectValue(await readEnvironment(session.store, plan.environment));
  return { run, plan, result, events, late, environment: held?.environment };
}

export function expectValue<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`expected a value, got ${JSON.stringify(result.error, undefined, 2)}`);
  return result.value;
}
