import { ok } from "../../framework/definition/result.ts";
import type { CommandOptions } from "../command-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { preparePlan } from "../prepare-plan.ts";
import { selectForCommand } from "../select.ts";
import { headLine, planLines } from "../text/plan-lines.ts";
import { checkDefinitions, withProject } from "../with-project.ts";

/** `assets plan`: what materialize would do, and why. */
export async function plan(options: CommandOptions): Promise<number> {
  return await withProject(options, async (context) => {
    const { environment, output, session, signal } = context;
    const checked = await checkDefinitions(context);
    if (!checked.ok) return checked;
    const selected = await selectForCommand(session, environment, options, signal);
    if (!selected.ok) return selected;
    const { keys, text: selection } = selected.value;
    const prepared = await preparePlan(
      session,
      environment,
      { selected: keys, selection, force: options.force },
      signal,
    );
    if (!prepared.ok) return prepared;
    if (output.json) output.out(JSON.stringify(prepared.value, undefined, 2));
    else {
      output.out(headLine(output, prepared.value, session.graph.assets.size));
      for (const line of planLines(output, prepared.value, new Date())) output.out(line);
    }
    return ok(exitCodes.done);
  });
}
