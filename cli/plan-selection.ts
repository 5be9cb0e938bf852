import type { Failure } from "../framework/definition/failure.ts";
import type { Result } from "../framework/definition/result.ts";
import type { Plan } from "../framework/plan/plan.ts";
import { preparePlan } from "./prepare-plan.ts";
import { selectForCommand } from "./select.ts";
import { type CommandContext, checkDefinitions } from "./with-project.ts";

/** The plan for what a command line selects: the same for `plan`, which prints it, and `materialize`, which runs it. */
export async function planSelection(context: CommandContext): Promise<Result<Plan, Failure>> {
  const { environment, options, session, signal } = context;
  const checked = await checkDefinitions(context);
  if (!checked.ok) return checked;
  const selected = await selectForCommand(session, environment, options, signal);
  if (!selected.ok) return selected;
  const { keys, text: selection } = selected.value;
  const { force } = options;
  return await preparePlan(session, environment, { selected: keys, selection, force }, signal);
}
