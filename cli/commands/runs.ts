import { err, ok } from "../../framework/definition/result.ts";
import { listRuns, readSummary } from "../../framework/lake/runs.ts";
import { isRunSummary, type RunSummary } from "../../framework/report/run-summary.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { layColumns, shorten } from "../text/columns.ts";
import { ago, bytes, count, duration, shortRun } from "../text/format.ts";
import type { Output } from "../text/output.ts";
import { withProject } from "../with-project.ts";

/** A run of the lake; without a summary it is under way, or was cut off. */
interface ListedRun {
  readonly run: string;
  readonly summary: RunSummary | null;
}

/** `assets runs [run]`: the last runs, or the steps of one. */
export async function runs(options: CommandOptions): Promise<number> {
  return await withProject(options, async ({ output, session }) => {
    const ids = await listRuns(
      session.store,
      options.run === undefined ? options.limit : Number.POSITIVE_INFINITY,
    );
    if (!ids.ok) return ids;
    const chosen = ids.value.filter(
      (id) => options.run === undefined || id.endsWith(options.run.toLowerCase()),
    );
    const listed: ListedRun[] = [];
    for (const run of chosen) {
      const summary = await readSummary(session.store, run);
      listed.push({ run, summary: summary.ok && isRunSummary(summary.value) ? summary.value : null });
    }
    if (options.run !== undefined && listed.length === 0) {
      return err({
        reason: "usage",
        message: `no run "${options.run}"`,
        hint: "assets runs lists the last ones",
      });
    }
    if (output.json) output.out(JSON.stringify({ formatVersion: 1, runs: listed }, undefined, 2));
    else if (options.run === undefined) for (const line of runLines(output, listed)) output.out(line);
    else
      for (const { run, summary } of listed)
        for (const line of stepLines(output, run, summary)) output.out(line);
    return ok(exitCodes.done);
  });
}

function runLines(output: Output, listed: readonly ListedRun[]): readonly string[] {
  if (listed.length === 0) return ["no runs yet"];
  const now = new Date();
  const rows = listed.map(({ run, summary }) => {
    if (summary === null) return [outcomeMark(output, null), shortRun(run), "", "", "", "", ""];
    const made = summary.steps.filter(({ state }) => state === "made");
    const failed = summary.steps.filter(({ state }) => state === "failed").map(({ asset }) => asset);
    const what = failed.length > 0 ? `failed: ${failed.join(", ")}` : "";
    return [
      outcomeMark(output, summary),
      shortRun(run),
      ago(summary.startedAt, now),
      duration(summary.durationMs),
      `${made.length} of ${summary.steps.length}`,
      summary.environment,
      [summary.selection === "" ? "all" : summary.selection, what].filter((part) => part !== "").join("  "),
    ];
  });
  const titles = ["outcome", "run", "started", "time", "made", "environment", "selection"];
  return layColumns(
    titles.map((title) => ({ title })),
    rows,
  ).map((line) => shorten(line, Math.max(80, output.width)));
}

function stepLines(output: Output, run: string, summary: RunSummary | null): readonly string[] {
  const head = `${output.paint.bold(`run ${run}`)}  ${outcomeMark(output, summary)}`;
  if (summary === null) return [head];
  const right = { align: "right" } as const;
  const rows = summary.steps.map((step) => [
    step.state,
    step.asset,
    step.rows === null ? "" : count(step.rows),
    step.bytes === null ? "" : bytes(step.bytes),
    step.durationMs === null ? "" : duration(step.durationMs),
    step.failure ?? "",
  ]);
  const formats = [
    { title: "state" },
    { title: "asset" },
    { title: "rows", ...right },
    { title: "size", ...right },
    { title: "time", ...right },
    { title: "" },
  ];
  const failure = summary.failure === null ? [] : ["", summary.failure];
  return [head, "", ...layColumns(formats, rows), ...failure];
}

function outcomeMark({ glyphs, paint }: Output, summary: RunSummary | null): string {
  switch (summary?.outcome) {
    case undefined:
      return `${glyphs.waiting} open`;
    case "done":
      return `${glyphs.made} done`;
    case "failed":
      return paint.alarm(`${glyphs.failed} failed`);
    case "interrupted":
      return `${glyphs.skipped} interrupted`;
  }
}
