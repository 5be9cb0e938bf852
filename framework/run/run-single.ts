import type { InputReader, RunContext, RunFunction } from "../definition/asset.ts";
import type { RowSource } from "../definition/compute-port.ts";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { assetIn } from "../graph/asset-graph.ts";
import type { InputRead } from "../lake/records.ts";
import { fingerprintOf, inputPart } from "../plan/fingerprint.ts";
import type { Step } from "../plan/plan.ts";
import { type Attempt, attempt } from "./attempt.ts";
import { fail, findMade, inputRelations, makeOnce, sayFound, stop, type Work } from "./make-step.ts";
import type { RunSession } from "./run-session.ts";
import type { Ready, Settlement } from "./settlement.ts";

/** Settles a step that is made alone, by SQL or by a function, once its inputs have settled. */
export async function runSingle(
  session: RunSession,
  step: Step,
  inputs: readonly InputRead[],
): Promise<Settlement> {
  const { asset } = step;
  const parts = [...step.ownParts, ...inputs.map((input) => inputPart(input.name, input.dataVersion))];
  const fingerprint = fingerprintOf(parts);
  const work: Work = { step, fingerprint, inputs, source: null, snapshot: null, isReadAgain: false };
  const started = performance.now();
  const { policy } = assetIn(session.request.graph, asset);
  const place = session.slots.reserve({
    priority: session.priorityOf(asset),
    name: asset,
    pool: policy.pool,
  });
  try {
    const found = session.request.plan.forced ? ok(undefined) : await findMade(session, work);
    if (!found.ok) return fail(session, asset, found.error, started);
    if (found.value) {
      sayFound(session, work, found.value);
      return found.value;
    }
    const made = await place.use(() => makeWithRetries(session, work));
    if (made === "stopped") return stop(session, asset);
    return made.ok ? made.value : fail(session, asset, made.error, started);
  } finally {
    place.leave();
  }
}

function makeWithRetries(session: RunSession, work: Work): Promise<Result<Ready, Failure>> {
  const { asset } = work.step;
  const { emit, graph } = session.request;
  return attempt(
    assetIn(graph, asset).policy,
    session.signal,
    (own) => makeOnce(session, work, () => rowsOf(session, work, own), own),
    {
      started: (number) => emit({ type: "step.started", asset, attempt: number }),
      retried: (number, waitMs, failure) =>
        emit({ type: "step.retried", asset, attempt: number, waitMs, failure }),
      mayRetry: () => !session.slots.isStopped(),
    },
  );
}

async function rowsOf(
  session: RunSession,
  work: Work,
  { signal, isOver }: Attempt,
): Promise<Result<RowSource, Failure>> {
  const { asset } = work.step;
  const { compute, emit, functionOf, graph } = session.request;
  const { making } = assetIn(graph, asset);
  const relations = await inputRelations(session, work.inputs);
  if (!relations.ok) return relations;
  if (making.kind === "sql")
    return ok({ form: "query", statement: making.statement, relations: relations.value });
  if (making.kind === "copy") throw new Error(`Internal error: ${asset} is a copy and was run alone`);
  const run = functionOf(asset);
  if (run === undefined)
    return err({ reason: "function-threw", message: `${asset} has no run function in this project` });
  const readers: Record<string, InputReader> = {};
  for (const { name, asset: from, version } of work.inputs) {
    const relation = relations.value[name];
    const manifest = await session.reader.manifest(from, version);
    if (!manifest.ok) return manifest;
    if (relation)
      readers[name] = { rows: manifest.value.rows, batches: () => compute.read(relation, signal) };
  }
  const log = (message: string): void => {
    if (!isOver()) emit({ type: "step.logged", asset, message: String(message) });
  };
  return ok({ form: "rows", rows: started(run, { inputs: readers, config: making.config, signal, log }) });
}

/** The rows of a function. One that is no generator can throw when it is called: the engine then says so of the first row. */
function started(run: RunFunction, context: RunContext): ReturnType<RunFunction> {
  try {
    return run(context);
  } catch (thrown) {
    return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }) };
  }
}
