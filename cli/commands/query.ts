import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { StoredRelation } from "../../framework/definition/compute-port.ts";
import { nearest } from "../../framework/definition/nearest.ts";
import { err, ok } from "../../framework/definition/result.ts";
import { createVersionReader } from "../../framework/run/version-reader.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { plural } from "../text/format.ts";
import { withProject } from "../with-project.ts";
import { rowLines } from "./show.ts";

/** `assets query "<sql>"`: SQL by a person over the current versions of an environment. */
export async function query(options: CommandOptions): Promise<number> {
  return await withProject(options, async ({ environment, output, session, signal }) => {
    const reader = createVersionReader(session.store);
    const relations: Record<string, StoredRelation> = {};
    const entries = Object.entries(environment?.assets ?? {});
    // Only what the text can name is opened: a lake may hold thousands.
    for (const [key, entry] of entries.filter(([name]) => options.sql.toLowerCase().includes(name))) {
      const relation = await reader.relation(key as AssetKey, entry.version);
      if (!relation.ok) return relation;
      relations[key] = relation.value;
    }
    const result = await session.compute.query(options.sql, relations, options.limit, signal);
    if (!result.ok) {
      const { message, offset } = result.error;
      const unknown = /There is no "([^"]+)"/.exec(message)?.[1];
      const near =
        unknown === undefined
          ? []
          : nearest(
              unknown,
              entries.map(([key]) => key),
            );
      const names =
        entries.length === 0
          ? `nothing was published in ${session.environmentName} yet`
          : "assets list shows what there is";
      const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : names;
      const detail = offset === undefined ? [] : placeLines(options.sql, offset);
      return err({
        reason: "usage",
        message: firstLine(message),
        detail,
        ...(unknown !== undefined && { hint }),
      });
    }
    const { columns, rows, truncated } = result.value;
    if (output.json) output.out(JSON.stringify({ formatVersion: 1, columns, rows, truncated }));
    else {
      for (const line of rowLines(
        columns.map(({ name }) => name),
        rows,
        output.width,
      ))
        output.out(line);
      const more = truncated ? ", and more: --limit shows them" : "";
      output.err(output.paint.dim(`${plural(rows.length, "row")}${more}`));
    }
    return ok(exitCodes.done);
  });
}

function firstLine(message: string): string {
  return message.split("\n")[0] ?? message;
}

function placeLines(text: string, offset: number): readonly string[] {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return [text.slice(start, end === -1 ? undefined : end), `${" ".repeat(offset - start)}^`];
}
