import type { Failure } from "../definition/failure.ts";
import type { Json } from "../definition/json.ts";
import { ok, type Result } from "../definition/result.ts";
import { earliestIdentifier, isRunId } from "./identifiers.ts";
import { parseStored, type RecordPlace } from "./parse-record.ts";
import type { formatVersion, RunId } from "./records.ts";
import type { Store } from "./storage/store.ts";
import { writeOnce } from "./write-once.ts";

/** A plan or a summary as the lake sees it: JSON that says its format. */
export interface StoredRecord {
  readonly formatVersion: typeof formatVersion;
}

const hourMs = 60 * 60 * 1000;

export function planObject(run: RunId): string {
  return `runs/${checked(run)}/plan.json`;
}

function summaryObject(run: RunId): string {
  return `runs/${checked(run)}/summary.json`;
}

/** Segment `n` (from 1) of the events of a run. */
export function segmentObject(run: RunId, n: number): string {
  return `runs/${checked(run)}/events-${String(n).padStart(5, "0")}.jsonl`;
}

/** Puts a run on record with what it is about to do, before its first step. */
export async function createRun(
  store: Store,
  run: RunId,
  plan: StoredRecord,
): Promise<Result<void, Failure>> {
  return await writeOnce(store, planObject(run), lineOf(plan));
}

/** The plan of a run; undefined where there is no such run. */
export async function readPlan(store: Store, run: RunId): Promise<Result<Json | undefined, Failure>> {
  return await readStored(store, planObject(run));
}

/** Puts the end of a run on record. A run without a summary is under way, or died. */
export async function writeSummary(
  store: Store,
  run: RunId,
  summary: StoredRecord,
): Promise<Result<void, Failure>> {
  return await writeOnce(store, summaryObject(run), lineOf(summary));
}

/** The summary of a run; undefined where there is none yet. */
export async function readSummary(store: Store, run: RunId): Promise<Result<Json | undefined, Failure>> {
  return await readStored(store, summaryObject(run));
}

/**
 * The latest runs, the newest first. `now` is in milliseconds since 1970.
 *
 * Stores list upwards only, and a lake may hold very many runs; so the last hour is listed first, then ever more.
 */
export async function listRuns(
  store: Store,
  limit: number,
  now: number = Date.now(),
): Promise<Result<readonly RunId[], Failure>> {
  let newer: readonly RunId[] = [];
  let before: string | undefined;
  for (let window = hourMs; newer.length < limit && before !== earliestIdentifier(0); window *= 24) {
    const from = earliestIdentifier(now - window);
    const found = await runsBetween(store, from, before);
    if (!found.ok) return found;
    newer = [...found.value, ...newer];
    before = from;
  }
  return ok(newer.slice(Math.max(0, newer.length - limit)).reverse());
}

async function runsBetween(
  store: Store,
  from: string,
  before: string | undefined,
): Promise<Result<readonly RunId[], Failure>> {
  const runs = new Set<RunId>();
  for await (const key of store.list("runs/", `runs/${from}`)) {
    if (!key.ok) return key;
    const run = key.value.split("/")[1] ?? "";
    if (before !== undefined && run >= before) break;
    if (isRunId(run)) runs.add(run);
  }
  return ok([...runs]);
}

async function readStored(store: Store, object: string): Promise<Result<Json | undefined, Failure>> {
  const bytes = await store.get(object);
  if (!bytes.ok) return bytes;
  if (bytes.value === undefined) return ok(undefined);
  const parsed = parseStored(bytes.value, placeOf(store, object));
  return parsed.ok ? ok(parsed.value as Json) : parsed;
}

function lineOf(record: StoredRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record)}\n`);
}

/** What to say of a damaged file that only tells of a run. */
export function placeOf(store: Store, object: string): RecordPlace {
  const folder = object.slice(0, object.lastIndexOf("/") + 1);
  const remedy = `it only tells what the run did, no table depends on it: put back a copy, or remove ${folder}`;
  return { lake: store.label, object, remedy };
}

function checked(run: RunId): RunId {
  if (!isRunId(run)) throw new Error(`Internal error: ${JSON.stringify(run)} is not a run id`);
  return run;
}
