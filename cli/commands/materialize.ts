import { availableParallelism, hostname } from "node:os";
import type { Failure } from "../../framework/definition/failure.ts";
import { ok, type Result } from "../../framework/definition/result.ts";
import { newRunId } from "../../framework/lake/identifiers.ts";
import { openJournal } from "../../framework/lake/journal.ts";
import { createRun, writeSummary } from "../../framework/lake/runs.ts";
import type { Plan } from "../../framework/plan/plan.ts";
import { summarize } from "../../framework/report/run-summary.ts";
import { foldEvents, initialView, type RunView } from "../../framework/report/run-view.ts";
import type { EventBody, RunEvent } from "../../framework/run/event.ts";
import { executePlan } from "../../framework/run/execute-plan.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { planSelection } from "../plan-selection.ts";
import { hasWork } from "../prepare-plan.ts";
import type { ProjectSession } from "../project-session.ts";
import { jsonReporter } from "../reporters/json.ts";
import { plainReporter } from "../reporters/plain.ts";
import { plural, shortRun } from "../text/format.ts";
import { headLine } from "../text/plan-lines.ts";
import { reportFailure } from "../text/report-failure.ts";
import { type CommandContext, withProject } from "../with-project.ts";

/** `assets materialize`: makes what is stale, checks it, and publishes it all at once. */
export async function materialize(options: CommandOptions): Promise<number> {
  return await withProject(options, async (context) => {
    const { output, session } = context;
    const concurrency = options.concurrency ?? availableParallelism();
    const prepared = await planSelection(context);
    if (!prepared.ok) return prepared;
    const plan = prepared.value;
    if (!output.json) output.out(headLine(output, plan, session.graph.assets.size));
    if (!hasWork(plan)) {
      const fresh = `nothing to do: ${plural(plan.steps.length, "asset")} fresh`;
      output.out(
        output.json
          ? JSON.stringify({ formatVersion: 1, nothingToDo: true, fresh: plan.steps.length })
          : fresh,
      );
      return ok(exitCodes.done);
    }
    return await execute(context, plan, concurrency);
  });
}

async function execute(
  context: CommandContext,
  plan: Plan,
  concurrency: number,
): Promise<Result<number, Failure>> {
  const { environment, options, output, session, signal } = context;
  const { graph, store } = session;
  const run = newRunId();
  const created = await createRun(store, run, plan);
  if (!created.ok) return created;
  if (!output.json) output.out(output.paint.dim(`run ${shortRun(run)}\n`));

  const reporter = output.json ? jsonReporter(output) : plainReporter(output, graph);
  let view: RunView = initialView(run, plan);
  reporter.begin(plan, view);
  // A lake that takes no events will take no versions either.
  const stopper = new AbortController();
  const journal = openJournal<RunEvent>(store, run, {
    onWritten: (events) => {
      view = foldEvents(view, events);
      reporter.events(events, view);
    },
    onFailed: (failure) => stopper.abort(failure),
  });
  let sequence = 0;
  let ended = false;
  const emit = (body: EventBody): void => {
    // What an abandoned step still says after the end is nobody's business any more.
    if (ended) return;
    sequence++;
    journal.append({ run, sequence, at: new Date().toISOString(), ...withSources(session, body) });
  };
  const started = performance.now();
  emit({
    type: "run.planned",
    environment: plan.environment,
    selection: plan.selection,
    steps: countMakes(plan),
  });
  emit({ type: "run.started", pid: process.pid, host: hostname(), concurrency });
  const result = await executePlan({
    run,
    plan,
    graph,
    store,
    environment,
    compute: session.compute,
    sourceEngine: session.sourceEngine,
    functionOf: session.functionOf,
    concurrency,
    pools: session.pools,
    failFast: options.failFast,
    signal: AbortSignal.any([signal, stopper.signal]),
    emit,
    flush: () => journal.flush(),
    now: () => new Date(),
  });
  const { failure } = result;
  const outcome = stopper.signal.aborted ? "failed" : result.outcome;
  emit({
    type: "run.ended",
    outcome,
    durationMs: Math.round(performance.now() - started),
    ...(failure && { failure }),
  });
  ended = true;
  const closed = await journal.close();
  const summary = await writeSummary(store, run, summarize(view));
  reporter.end(view);
  for (const written of [closed, summary]) {
    if (written.ok) continue;
    reportFailure(output, written.error, session.root);
    return ok(exitCodes.failed);
  }
  return ok(exitCodes[outcome]);
}

// What a project's own code threw is told by its sources, not by the bundle that was run.
function withSources(session: ProjectSession, body: EventBody): EventBody {
  if (body.type !== "step.failed" && body.type !== "step.retried") return body;
  const { detail } = body.failure;
  return detail === undefined
    ? body
    : { ...body, failure: { ...body.failure, detail: detail.map(session.withSources) } };
}

function countMakes(plan: Plan): Readonly<Record<Plan["steps"][number]["make"]["do"], number>> {
  const counts = { run: 0, reuse: 0, fresh: 0, "if-changed": 0 };
  for (const step of plan.steps) counts[step.make.do]++;
  return counts;
}
