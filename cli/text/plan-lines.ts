import type { Plan, Step } from "../../framework/plan/plan.ts";
import { reasonsText, reasonText } from "../../framework/plan/reason-text.ts";
import { layColumns } from "./columns.ts";
import { ago, count, duration, plural, shortRun } from "./format.ts";
import type { Output } from "./output.ts";

/** What was selected, where, and from which source: the first line of plan and materialize. */
export function headLine(output: Output, plan: Plan, assets: number): string {
  const sources = Object.values(plan.sources).map((label) => `source ${label}`);
  const place = [plan.environment, `lake ${plan.lake}`, ...sources].join(` ${output.glyphs.dot} `);
  const what = plan.selection === "" ? "all" : plan.selection;
  return `${output.paint.bold(what)}  ${output.glyphs.arrow}  ${count(plan.steps.length)} of ${plural(assets, "asset")}        ${output.paint.dim(place)}`;
}

/** A plan as lines: what is done about each asset and why; fresh assets are only counted if there is much else to see. */
export function planLines(output: Output, plan: Plan, now: Date): readonly string[] {
  const rows: string[][] = [];
  for (const step of plan.steps) {
    if (step.make.do !== "fresh") rows.push(stepRow(step, now));
    for (const check of step.checks) {
      if (step.make.do !== "fresh" || check.do === "fresh") continue;
      rows.push(["check", step.asset, `${check.id}: ${check.reasons.map(reasonText).join(", ")}`, "", ""]);
    }
  }
  const fresh = plan.steps.filter((step) => step.make.do === "fresh");
  if (rows.length === 0 || fresh.length <= 12) rows.push(...fresh.map((step) => stepRow(step, now)));
  const right = { align: "right" } as const;
  const lines = layColumns([{}, {}, {}, right, right], rows).map((line) => `  ${line}`);
  return ["", ...lines, "", output.paint.bold(totals(plan))];
}

function stepRow(step: Step, now: Date): string[] {
  const { make, expected } = step;
  const rows = expected ? `${count(expected.rows)} rows` : "";
  const time = expected ? `~${duration(expected.durationMs)}` : "";
  switch (make.do) {
    case "run":
      return ["run", step.asset, reasonsText(step.reasons), rows, time];
    case "if-changed":
      return ["maybe", step.asset, reasonsText(step.reasons), "", time];
    case "reuse":
      return [
        "reuse",
        step.asset,
        `made for this same work ${ago(make.madeAt, now)} by run ${shortRun(make.run)}`,
        "",
        "",
      ];
    case "fresh":
      return ["fresh", step.asset, "", rows, ""];
  }
}

function totals(plan: Plan): string {
  const of = (what: Step["make"]["do"]): readonly Step[] =>
    plan.steps.filter((step) => step.make.do === what);
  const run = of("run");
  const maybe = of("if-changed");
  const checks = plan.steps
    .filter((step) => step.make.do === "fresh")
    .reduce((sum, step) => sum + step.checks.filter((check) => check.do !== "fresh").length, 0);
  const expected = [...run, ...maybe].reduce((sum, step) => sum + (step.expected?.durationMs ?? 0), 0);
  const parts = [
    `${run.length} to run`,
    maybe.length > 0 ? `up to ${maybe.length} more if their inputs change` : "",
    of("reuse").length > 0 ? `${of("reuse").length} reused` : "",
    checks > 0 ? plural(checks, "check") : "",
    `${of("fresh").length} fresh`,
  ].filter((part) => part !== "");
  const time = expected > 0 ? ` · at most ${duration(expected)} of work by history` : "";
  return `${parts.join(", ")}${time}`;
}
