import { ok } from "../../framework/definition/result.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { planSelection } from "../plan-selection.ts";
import { headLine, planLines } from "../text/plan-lines.ts";
import { withProject } from "../with-project.ts";

/** `assets plan`: what materialize would do, and why. */
export async function plan(options: CommandOptions): Promise<number> {
  return await withProject(options, async (context) => {
    const { output, session } = context;
    const prepared = await planSelection(context);
    if (!prepared.ok) return prepared;
    if (output.json) output.out(JSON.stringify(prepared.value, undefined, 2));
    else {
      output.out(headLine(output, prepared.value, session.graph.assets.size));
      for (const line of planLines(output, prepared.value, new Date())) output.out(line);
    }
    return ok(exitCodes.done);
  });
}
