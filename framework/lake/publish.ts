import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { backOff } from "./back-off.ts";
import { isEnvironment } from "./environment-check.ts";
import { emptyEnvironment, environmentBytes, environmentObject, readEnvironment } from "./environments.ts";
import type { Environment, EnvironmentEntry, RunId, VersionId } from "./records.ts";
import { sameEntry } from "./same-entry.ts";
import type { Store } from "./storage/store.ts";
import { readCondemned } from "./sweep.ts";
import { versionExists } from "./versions.ts";

/** What is to be published, and what the plan saw when it was made. */
export interface PublishRequest {
  readonly environment: string;
  readonly run: RunId;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** What each asset shall be; null removes it. */
  readonly entries: Readonly<Record<AssetKey, EnvironmentEntry | null>>;
  /** The version that the plan saw of each of `entries`; null where there was none. */
  readonly expected: Readonly<Record<AssetKey, VersionId | null>>;
  /** The version that the plan saw of each asset that was only read. */
  readonly read: Readonly<Record<AssetKey, VersionId | null>>;
  /** Why the environment, as it is now, must not be published into; asked at each attempt. */
  readonly refuse?: (environment: Environment) => Failure | undefined;
  /** How many published states the environment keeps to go back to; 10 unless told. */
  readonly keepStates?: number;
}

export interface Published {
  /** All assets of the request, sorted: the environment holds them as asked, moved by this call or by an equal one. */
  readonly published: readonly AssetKey[];
  /** Assets that were only read and have moved since, sorted: what was made from them is kept, and shows as stale. */
  readonly readMoved: readonly AssetKey[];
}

const tries = 200;

/**
 * Moves an environment to what a run made, all at once.
 *
 * The order of the steps is what keeps a sweep from deleting what is being published: the pointer is read first, then
 * what is condemned, then each new version is looked at, then the pointer is swapped, and any conflict starts again at
 * the first. A sweep that condemns after the second step moves the pointer before it deletes, so that the swap fails.
 */
export async function publish(store: Store, request: PublishRequest): Promise<Result<Published, Failure>> {
  const object = environmentObject(request.environment);
  for (let attempt = 1; attempt <= tries; attempt++) {
    const held = await readEnvironment(store, request.environment);
    if (!held.ok) return held;
    const environment = held.value?.environment ?? emptyEnvironment(request.environment);
    const refused = request.refuse?.(environment);
    if (refused) return err(refused);
    const { moved, news } = compare(environment, request);
    if (moved.length > 0) return err(conflict(request.environment, moved));
    if (news.length === 0) return ok(published(environment, request));
    // Created empty first, then published into like any other: a creation with entries would not be fenced.
    if (held.value !== undefined) {
      const gone = await missingVersions(store, environment, request, news);
      if (!gone.ok) return gone;
      if (gone.value.length > 0) return err(missing(request.environment, gone.value));
    }
    const next = held.value ? advance(environment, request, news) : environment;
    // What cannot be read again must never become current.
    if (!isEnvironment(next))
      throw new Error(`Internal error: the new state of environment ${request.environment} is not sound`);
    const swapped = await store.swapPointer(object, environmentBytes(next), held.value?.tag);
    if (!swapped.ok) return swapped;
    if (swapped.value === "conflict") await backOff(attempt);
    else if (held.value !== undefined) return ok(published(environment, request));
  }
  return err({
    reason: "publish-conflict",
    assets: keysOf(request.entries),
    message: `environment ${request.environment} did not keep still: ${tries} times another process moved it first`,
    hint: "run again when fewer runs publish into it: what was made is reused",
  });
}

/** Which of the entries have moved since the plan, and which are still to be written. Both sorted. */
function compare(
  environment: Environment,
  request: PublishRequest,
): { readonly moved: readonly AssetKey[]; readonly news: readonly AssetKey[] } {
  const moved: AssetKey[] = [];
  const news: AssetKey[] = [];
  for (const key of keysOf(request.entries)) {
    const current = entryIn(environment.assets, key);
    const mine = entryIn(request.entries, key);
    if (!Object.hasOwn(request.expected, key)) {
      throw new Error(`Internal error: nothing is said of what the plan saw of ${key}`);
    }
    const now = current?.version ?? null;
    // As the plan saw it, or already what would be written: then an equal run was first, or an earlier try of this one
    // was applied and answered as a conflict.
    if (now !== request.expected[key] && now !== (mine?.version ?? null)) moved.push(key);
    else if (!sameEntry(current, mine)) news.push(key);
  }
  return { moved, news };
}

/** Those of the new versions that are not in the store as a whole, or condemned. */
async function missingVersions(
  store: Store,
  environment: Environment,
  request: PublishRequest,
  news: readonly AssetKey[],
): Promise<Result<readonly AssetKey[], Failure>> {
  const condemned = await readCondemned(store);
  if (!condemned.ok) return condemned;
  const looks = news.map(async (key) => {
    const version = entryIn(request.entries, key)?.version;
    // What the environment names already is safe from any sweep.
    const known = version === undefined || version === entryIn(environment.assets, key)?.version;
    return { key, exists: known ? ok(true) : await versionExists(store, key, version, condemned.value) };
  });
  const gone: AssetKey[] = [];
  for (const { key, exists } of await Promise.all(looks)) {
    if (!exists.ok) return exists;
    if (!exists.value) gone.push(key);
  }
  return ok(gone);
}

/** The environment after the publish. All that is not the request's is carried over: pending swaps above all. */
function advance(environment: Environment, request: PublishRequest, news: readonly AssetKey[]): Environment {
  const assets = new Map(Object.entries(environment.assets)) as Map<AssetKey, EnvironmentEntry>;
  const replaced: Record<AssetKey, EnvironmentEntry | null> = {};
  for (const key of news) {
    replaced[key] = entryIn(environment.assets, key) ?? null;
    const entry = entryIn(request.entries, key);
    if (entry === undefined) assets.delete(key);
    else assets.set(key, entry);
  }
  const sorted = [...assets].sort(([a], [b]) => (a < b ? -1 : 1));
  const state = { run: request.run, at: request.at, replaced };
  return {
    ...environment,
    assets: Object.fromEntries(sorted),
    states: [state, ...environment.states].slice(0, request.keepStates ?? 10),
  };
}

function published(environment: Environment, request: PublishRequest): Published {
  const readMoved = keysOf(request.read).filter(
    (key) => (entryIn(environment.assets, key)?.version ?? null) !== request.read[key],
  );
  return { published: keysOf(request.entries), readMoved };
}

function entryIn(
  entries: Readonly<Record<AssetKey, EnvironmentEntry | null>>,
  key: AssetKey,
): EnvironmentEntry | undefined {
  return Object.hasOwn(entries, key) ? (entries[key] ?? undefined) : undefined;
}

function keysOf(record: Readonly<Record<AssetKey, unknown>>): readonly AssetKey[] {
  return (Object.keys(record) as AssetKey[]).sort();
}

function conflict(environment: string, assets: readonly AssetKey[]): Failure {
  return {
    reason: "publish-conflict",
    assets,
    message: `${namesOf(assets)} moved in environment ${environment} since this run was planned`,
    hint: "run again: it plans from what is there now, and reuses what was made",
  };
}

function missing(environment: string, assets: readonly AssetKey[]): Failure {
  return {
    reason: "publish-conflict",
    assets,
    message: `nothing was published into environment ${environment}: the new version of ${namesOf(assets)} is no longer whole in the lake, or is about to be swept`,
    hint: "run again: what is missing is made anew",
  };
}

function namesOf(assets: readonly AssetKey[]): string {
  const shown = assets.slice(0, 5).join(", ");
  return assets.length > 5 ? `${shown} and ${assets.length - 5} more` : shown;
}
