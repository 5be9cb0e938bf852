import type { AssetKey } from "../../framework/definition/asset-key.ts";
import { ok } from "../../framework/definition/result.ts";
import { type AssetGraph, assetIn } from "../../framework/graph/asset-graph.ts";
import { neighbours } from "../../framework/graph/lineage.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { selectForCommand } from "../select.ts";
import type { Output } from "../text/output.ts";
import { withProject } from "../with-project.ts";

/** `assets graph`: from sources downwards, each asset once in full; references are shown apart from inputs. */
export async function graph(options: CommandOptions): Promise<number> {
  return await withProject(options, async ({ environment, output, session, signal }) => {
    const selected = await selectForCommand(session, environment, options, signal);
    if (!selected.ok) return selected;
    const keys = new Set(selected.value.keys);
    if (output.json) output.out(JSON.stringify(graphJson(session.graph, keys), undefined, 2));
    else for (const line of treeLines(output, session.graph, keys)) output.out(line);
    return ok(exitCodes.done);
  });
}

function graphJson(of: AssetGraph, keys: ReadonlySet<AssetKey>): unknown {
  const assets = [...keys].map((key) => {
    const { kind, group, inputs, making, checks } = assetIn(of, key);
    const references = checks.flatMap((check) =>
      check.kind === "foreign-key" ? [check.references.asset] : [],
    );
    const source = making.kind === "copy" ? { source: making.source, table: making.table } : null;
    return { key, kind, group: group ?? null, source, inputs, references: [...new Set(references)].sort() };
  });
  return { formatVersion: 1, project: of.project, assets };
}

function treeLines(output: Output, of: AssetGraph, keys: ReadonlySet<AssetKey>): readonly string[] {
  const lines: string[] = [];
  const shown = new Set<AssetKey>();
  const below = (key: AssetKey): readonly AssetKey[] =>
    neighbours(of, key, "downstream", "input").filter((other) => keys.has(other));
  const show = (key: AssetKey, lead: string, branch: string): void => {
    const children = below(key);
    const again = shown.has(key) && children.length > 0 ? output.paint.dim(" (above)") : "";
    lines.push(`${lead}${branch}${key}${again}${referenceNote(output, of, key)}`);
    if (shown.has(key)) return;
    shown.add(key);
    const next = branch === "" ? lead : `${lead}${branch.startsWith("├") ? "│  " : "   "}`;
    children.forEach((child, index) => {
      show(child, next, index === children.length - 1 ? "└─ " : "├─ ");
    });
  };
  const sources = new Map<string, AssetKey[]>();
  const roots: AssetKey[] = [];
  for (const key of keys) {
    const { making } = assetIn(of, key);
    if (making.kind === "copy") sources.set(making.source, [...(sources.get(making.source) ?? []), key]);
    else if (!neighbours(of, key, "upstream", "input").some((other) => keys.has(other))) roots.push(key);
  }
  for (const [source, copies] of sources) {
    lines.push(output.paint.bold(`source ${source}`));
    copies.forEach((key, index) => {
      show(key, "", index === copies.length - 1 ? "└─ " : "├─ ");
    });
  }
  for (const key of roots) show(key, "", "");
  return lines;
}

function referenceNote(output: Output, of: AssetGraph, key: AssetKey): string {
  const references = neighbours(of, key, "upstream", "reference");
  return references.length === 0 ? "" : output.paint.dim(`  refers to ${references.join(", ")}`);
}
