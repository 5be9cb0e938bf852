import type { Plan } from "../../framework/plan/plan.ts";
import type { RunView } from "../../framework/report/run-view.ts";
import type { RunEvent } from "../../framework/run/event.ts";

/** Shows a run while it happens. All reporters are views of one fold of events, and none of them changes anything. */
export interface Reporter {
  begin(plan: Plan, view: RunView): void;
  /** Called with events that are in the lake already, and the view after them. */
  events(events: readonly RunEvent[], view: RunView): void;
  /** Called once, with the view after the last event. */
  end(view: RunView): void;
}
