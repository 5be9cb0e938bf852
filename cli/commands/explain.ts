import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { ok } from "../../framework/definition/result.ts";
import type { AssetGraph } from "../../framework/graph/asset-graph.ts";
import { reach } from "../../framework/graph/lineage.ts";
import type { EnvironmentEntry } from "../../framework/lake/records.ts";
import { inputPart, sourcePart } from "../../framework/plan/fingerprint.ts";
import type { Plan, Step } from "../../framework/plan/plan.ts";
import { reasonsText, reasonText } from "../../framework/plan/reason-text.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { findAsset } from "../find-asset.ts";
import { preparePlan } from "../prepare-plan.ts";
import { layColumns, shorten } from "../text/columns.ts";
import { ago, shortRun } from "../text/format.ts";
import type { Output } from "../text/output.ts";
import { checkDefinitions, withProject } from "../with-project.ts";

/** One part of a fingerprint, as published and as it is now; null where there is none, undefined where the run decides. */
interface ComparedPart {
  readonly name: string;
  readonly published: string | null;
  readonly now: string | null | undefined;
}

/** `assets explain <asset>`: why it is fresh or stale, part by part of its fingerprint. */
export async function explain(options: CommandOptions): Promise<number> {
  return await withProject(options, async (context) => {
    const { environment, output, session, signal } = context;
    const found = findAsset(session.graph, options.asset);
    if (!found.ok) return found;
    const checked = await checkDefinitions(context);
    if (!checked.ok) return checked;
    const { key } = found.value;
    const selected = withUpstream(session.graph, key);
    const planned = { selected, selection: `+${key}`, force: false, isOnlyLook: true };
    const prepared = await preparePlan(session, environment, planned, signal);
    if (!prepared.ok) return prepared;
    const step = prepared.value.steps.find(({ asset }) => asset === key) as Step;
    const entry = environment?.assets[key];
    const parts = compareParts(prepared.value, step, entry);
    if (output.json) {
      const { make, reasons, checks } = step;
      const fingerprint = parts.map((part) => ({
        ...part,
        now: part.now === undefined ? "decided in the run" : part.now,
      }));
      const explained = { formatVersion: 1, asset: key, make, reasons, fingerprint, checks };
      output.out(JSON.stringify(explained, undefined, 2));
    } else for (const line of explainLines(output, step, entry, parts)) output.out(line);
    return ok(exitCodes.done);
  });
}

function withUpstream(graph: AssetGraph, key: AssetKey): readonly AssetKey[] {
  const upstream = reach(graph, [key], "upstream", Number.POSITIVE_INFINITY, "input");
  return graph.order.filter((other) => other === key || upstream.has(other));
}

function compareParts(plan: Plan, step: Step, entry: EnvironmentEntry | undefined): readonly ComparedPart[] {
  const steps = new Map(plan.steps.map((other) => [other.asset, other]));
  const now = new Map<string, string | undefined>(step.ownParts.map(({ name, value }) => [name, value]));
  if (step.source) now.set("source", sourcePart(step.source).value);
  for (const { name, asset } of step.inputs) {
    const make = steps.get(asset)?.make;
    const known = make?.do === "fresh" || make?.do === "reuse" ? make.dataVersion : undefined;
    now.set(inputPart(name, "").name, known);
  }
  const before = new Map(entry?.fingerprint.parts.map(({ name, value }) => [name, value]));
  return [...new Set([...before.keys(), ...now.keys()])].sort().map((name) => ({
    name,
    published: before.get(name) ?? null,
    now: now.has(name) ? now.get(name) : null,
  }));
}

function explainLines(
  output: Output,
  step: Step,
  entry: EnvironmentEntry | undefined,
  parts: readonly ComparedPart[],
): readonly string[] {
  const { glyphs, paint } = output;
  const made = entry
    ? `made ${ago(entry.madeAt, new Date())} by run ${shortRun(entry.run)}`
    : "never made here";
  const lines = [`${paint.bold(step.asset)}  ${verdict(step)}`, `${made}`, ""];
  const cell = (value: string | null | undefined): string => {
    if (value === undefined) return "decided in the run";
    return value === null ? "none" : shorten(value, 48);
  };
  const rows = parts.map(({ name, published, now }) => {
    const mark = now === undefined ? glyphs.maybe : published === now ? glyphs.fresh : glyphs.stale;
    return [mark, name, entry ? cell(published) : "", published === now ? "" : cell(now)];
  });
  lines.push(
    ...layColumns([{ title: "" }, { title: "part" }, { title: "published" }, { title: "now" }], rows),
  );
  const due = step.make.do === "fresh" ? step.checks.filter((check) => check.do !== "fresh") : [];
  if (due.length > 0) lines.push("", "checks to evaluate");
  for (const check of due) {
    const why = check.reasons.map(reasonText).join(", ");
    lines.push(`  ${check.id}${why === "" ? "" : `  ${paint.dim(why)}`}`);
  }
  return lines;
}

function verdict(step: Step): string {
  const why = reasonsText(step.reasons);
  switch (step.make.do) {
    case "fresh":
      return "fresh: nothing that it is made from has changed";
    case "reuse":
      return `stale: ${why}; run ${shortRun(step.make.run)} made this same work already, it will be reused`;
    case "run":
      return `stale: ${why}`;
    case "if-changed":
      return `may be stale: ${why}`;
  }
}
