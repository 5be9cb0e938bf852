import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { type AssetGraph, assetIn } from "../../framework/graph/asset-graph.ts";
import { type RunView, stepChange } from "../../framework/report/run-view.ts";
import { checkText } from "../../framework/run/evaluate-checks.ts";
import type { RunEvent } from "../../framework/run/event.ts";
import { shorten } from "../text/columns.ts";
import { count, duration } from "../text/format.ts";
import type { Output } from "../text/output.ts";
import { closingLines, stepLine } from "../text/run-lines.ts";
import type { Reporter } from "./reporter.ts";

const longestKeyColumn = 32;

/** One line per step when it has ended, and on a terminal a last line that says what is under way. */
export function plainReporter(output: Output, graph: AssetGraph): Reporter {
  let keyWidth = 0;
  let hasStatus = false;
  const say = (text: string): void => {
    clearStatus();
    output.out(text);
  };
  const clearStatus = (): void => {
    if (hasStatus) process.stdout.write("\r\u001b[2K");
    hasStatus = false;
  };
  const showStatus = (view: RunView): void => {
    if (!output.isTerminal || view.outcome !== "running") return;
    const steps = [...view.steps.values()];
    const running = steps.filter((step) => step.state === "running");
    const ended = steps.filter((step) => step.state !== "running" && step.state !== "waiting").length;
    const names = running.map((step) =>
      step.rows === null ? step.asset : `${step.asset} ${count(step.rows)} rows`,
    );
    const text = `${output.glyphs.running} ${ended}/${steps.length}  ${names.join(`  ${output.glyphs.dot}  `)}`;
    process.stdout.write(`\r\u001b[2K${output.paint.accent(shorten(text, output.width - 1))}`);
    hasStatus = true;
  };
  return {
    begin(plan, view) {
      keyWidth = Math.min(longestKeyColumn, Math.max(...plan.steps.map((step) => step.asset.length)));
      showStatus(view);
    },
    events(events, view) {
      for (const event of events) {
        const line = lineOf(output, graph, event, view, keyWidth);
        if (line !== undefined) say(line);
      }
      showStatus(view);
    },
    end(view) {
      clearStatus();
      const groupOf = (asset: string): string => graph.assets.get(asset as AssetKey)?.group ?? "no group";
      for (const line of closingLines(output, view, groupOf)) output.out(line);
    },
  };
}

function lineOf(
  output: Output,
  graph: AssetGraph,
  event: RunEvent,
  view: RunView,
  keyWidth: number,
): string | undefined {
  switch (event.type) {
    case "step.made":
    case "step.reused":
    case "step.skipped":
    case "step.failed": {
      const step = view.steps.get(event.asset);
      // Each line says what its event says: the view may be some events ahead.
      return step && stepLine(output, { ...step, ...stepChange(step, event) }, keyWidth);
    }
    case "step.retried": {
      const { attempt, failure, waitMs } = event;
      return `${output.glyphs.warning} ${event.asset.padEnd(keyWidth)}  attempt ${attempt} failed: ${failure.message}; again in ${duration(waitMs)}`;
    }
    case "step.logged":
      return `${output.glyphs.dot} ${event.asset.padEnd(keyWidth)}  ${event.message}`;
    case "check.warned": {
      const check = assetIn(graph, event.asset).checks.find(({ id }) => id === event.check);
      return `${output.glyphs.warning} ${event.asset.padEnd(keyWidth)}  warning: ${check ? checkText(check, event.outcome) : event.check}`;
    }
    case "check.not-evaluated":
      return `${output.glyphs.warning} ${event.asset.padEnd(keyWidth)}  not evaluated: ${event.check}, ${event.because}`;
    default:
      return undefined;
  }
}
