import { ok } from "../../framework/definition/result.ts";
import { assetIn } from "../../framework/graph/asset-graph.ts";
import { mainState } from "../../framework/report/asset-state.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { readStates, selectForCommand } from "../select.ts";
import { layColumns, shorten } from "../text/columns.ts";
import { ago, count } from "../text/format.ts";
import { stateMark } from "../text/state-mark.ts";
import { withProject } from "../with-project.ts";

/** `assets list`: the assets by group, with their state, rows and age. */
export async function list(options: CommandOptions): Promise<number> {
  return await withProject(options, async ({ environment, output, session, signal }) => {
    const { graph } = session;
    const selected = await selectForCommand(session, environment, options, signal);
    if (!selected.ok) return selected;
    const states = await readStates(session, environment, signal);
    if (!states.ok) return states;
    const now = new Date();
    const listed = selected.value.keys.map((key) => {
      const spec = assetIn(graph, key);
      const entry = environment?.assets[key];
      const all = states.value.get(key) ?? new Set();
      return { spec, entry, states: [...all].sort(), state: mainState(all) };
    });
    if (output.json) {
      const assets = listed.map(({ spec, entry, states: all }) => ({
        key: spec.key,
        kind: spec.kind,
        group: spec.group ?? null,
        tags: spec.tags,
        owner: spec.owner ?? null,
        description: spec.description ?? null,
        states: all,
        rows: entry?.rows ?? null,
        madeAt: entry?.madeAt ?? null,
        version: entry?.version ?? null,
      }));
      output.out(
        JSON.stringify({ formatVersion: 1, environment: session.environmentName, assets }, undefined, 2),
      );
      return ok(exitCodes.done);
    }
    const groups = new Map<string, typeof listed>();
    for (const asset of listed) {
      const group = asset.spec.group ?? "no group";
      groups.set(group, [...(groups.get(group) ?? []), asset]);
    }
    const right = { align: "right" } as const;
    const rows = [...groups].flatMap(([group, assets]) =>
      assets.map(({ spec, entry, state }, index) => [
        index === 0 ? group : "",
        stateMark(output, state),
        spec.key,
        spec.kind,
        entry ? count(entry.rows) : "",
        entry ? ago(entry.madeAt, now) : "",
        shorten(spec.description ?? "", 48),
      ]),
    );
    const titles = ["group", "state", "asset", "kind", "rows", "made", "description"];
    const formats = titles.map((title, index) =>
      index === 4 || index === 5 ? { title, ...right } : { title },
    );
    for (const line of layColumns(formats, rows)) output.out(line);
    return ok(exitCodes.done);
  });
}
