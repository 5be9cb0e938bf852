import { reasonsText } from "../../framework/plan/reason-text.ts";
import { countStates, type RunView, type StepView } from "../../framework/report/run-view.ts";
import { layColumns } from "./columns.ts";
import { bytes, count, duration, plural } from "./format.ts";
import type { Output } from "./output.ts";

/** The line that tells how a step ended; undefined while it has not. */
export function stepLine(output: Output, step: StepView, keyWidth: number): string | undefined {
  const { glyphs, paint } = output;
  const key = step.asset.padEnd(keyWidth);
  switch (step.state) {
    case "made": {
      const why = step.sameRows ? "same rows as before" : whyMade(step);
      const figures = `${count(step.rows ?? 0).padStart(11)} rows  ${bytes(step.bytes ?? 0).padStart(7)}  ${duration(step.durationMs ?? 0).padStart(7)}`;
      return `${glyphs.made} ${key}  ${figures}  ${paint.dim(why)}`;
    }
    case "reused":
      return `${glyphs.fresh} ${key}  ${count(step.rows ?? 0).padStart(11)} rows  ${paint.dim("reused: made before for this same work")}`;
    case "unchanged":
      return `${glyphs.fresh} ${key}  ${paint.dim("nothing to do: its inputs gave equal rows")}`;
    case "skipped": {
      const why = step.because === "stopped" ? "the run was stopped" : `${step.upstream.join(", ")} failed`;
      return `${glyphs.skipped} ${key}  skipped: ${why}`;
    }
    case "failed": {
      const { failure } = step;
      const lines = [`${paint.alarm(`${glyphs.failed} ${key}`)}  ${failure?.message ?? "failed"}`];
      for (const line of failure?.detail ?? []) lines.push(`  ${" ".repeat(keyWidth)}  ${line}`);
      if (failure?.hint !== undefined) lines.push(`  ${" ".repeat(keyWidth)}  ${paint.dim(failure.hint)}`);
      return lines.join("\n");
    }
    default:
      return undefined;
  }
}

/** What is left in the scroll-back: a table by group, the counts, and what was published. */
export function closingLines(
  output: Output,
  view: RunView,
  groupOf: (asset: string) => string,
): readonly string[] {
  const lines: string[] = ["", ...groupTable(view, groupOf), ""];
  const counts = countStates(view);
  const fresh = counts.fresh + counts.unchanged;
  const parts = [
    counts.failed > 0 ? `${counts.failed} failed` : "",
    counts.made > 0 ? `${counts.made} made` : "",
    counts.reused > 0 ? `${counts.reused} reused` : "",
    fresh > 0 ? `${fresh} fresh` : "",
    counts.skipped > 0 ? `${counts.skipped} skipped` : "",
  ].filter((part) => part !== "");
  const made = [...view.steps.values()].filter((step) => step.state === "made");
  const rows = made.reduce((sum, step) => sum + (step.rows ?? 0), 0);
  const size = made.reduce((sum, step) => sum + bytesWritten(step), 0);
  const checks = checkCounts(view);
  const total = [parts.join(", "), checks, duration(view.durationMs ?? 0)];
  if (made.length > 0) total.push(`${count(rows)} rows`, `${bytes(size)} written`);
  lines.push(output.paint.bold(total.filter((part) => part !== "").join(" · ")));
  lines.push(...verdictLines(output, view));
  return lines;
}

function movedLines({ readMoved }: RunView): readonly string[] {
  if (readMoved.length === 0) return [];
  return [`${readMoved.join(", ")} moved meanwhile: what was made from it is stale already, run again`];
}

function groupTable(view: RunView, groupOf: (asset: string) => string): readonly string[] {
  const groups = new Map<string, StepView[]>();
  for (const step of view.steps.values()) {
    const group = groupOf(step.asset);
    groups.set(group, [...(groups.get(group) ?? []), step]);
  }
  const rows = [...groups].map(([group, steps]) => {
    const made = steps.filter((step) => step.state === "made");
    const kept = steps.filter((step) => ["fresh", "unchanged", "reused"].includes(step.state)).length;
    const lost = steps.filter((step) => ["failed", "skipped"].includes(step.state)).length;
    const sum = (of: (step: StepView) => number | null): number =>
      made.reduce((total, step) => total + (of(step) ?? 0), 0);
    return [
      group,
      String(steps.length),
      String(made.length),
      String(kept),
      String(lost),
      count(sum((step) => step.rows)),
      bytes(sum(bytesWritten)),
    ];
  });
  const right = { align: "right" } as const;
  return layColumns(
    [
      { title: "group" },
      { title: "assets", ...right },
      { title: "made", ...right },
      { title: "fresh", ...right },
      { title: "failed", ...right },
      { title: "rows made", ...right },
      { title: "written", ...right },
    ],
    rows,
  );
}

// Rows that are those of the version before are not written again: the earlier file is kept.
function bytesWritten(step: StepView): number {
  return step.sameRows ? 0 : (step.bytes ?? 0);
}

// What the plan called possible has come true once the step is made.
function whyMade(step: StepView): string {
  const inputs = step.reasons.flatMap((reason) =>
    reason.because === "input-may-change" ? [reason.asset] : [],
  );
  return inputs.length === step.reasons.length
    ? `other rows in ${inputs.join(" or ")}`
    : reasonsText(step.reasons);
}

function checkCounts(view: RunView): string {
  const checks = [...view.steps.values()].flatMap((step) => step.checks);
  const of = (state: string): number => checks.filter((check) => check.state === state).length;
  const parts = [
    of("passed") > 0 ? `${plural(of("passed"), "check")} passed` : "",
    of("warned") > 0 ? plural(of("warned"), "warning") : "",
    of("failed") > 0 ? `${plural(of("failed"), "check")} failed` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function verdictLines(output: Output, view: RunView): readonly string[] {
  if (view.failure) {
    const lines = [`${output.paint.alarm("nothing published")}: ${view.failure.message}`];
    return view.failure.hint === undefined ? lines : [...lines, output.paint.dim(view.failure.hint)];
  }
  const failed = [...view.steps.values()].filter((step) => step.state === "failed").map((step) => step.asset);
  switch (view.outcome) {
    case "done":
      return view.published
        ? [`published ${plural(view.published.length, "asset")} to ${view.environment}`, ...movedLines(view)]
        : [`nothing to publish: ${view.environment} has these very versions`];
    case "interrupted":
      return ["interrupted: nothing published. Made work is kept; run the same command again to go on."];
    default:
      return [
        `${output.paint.alarm("nothing published")}: ${failed.join(", ")} failed. Made work is kept; after the fix run the same command again.`,
      ];
  }
}
