import type { Output } from "../text/output.ts";
import type { Reporter } from "./reporter.ts";

/** One JSON line per event, as they are kept in the lake; documented in docs/json.md. */
export function jsonReporter(output: Output): Reporter {
  return {
    begin: () => undefined,
    events: (events) => {
      for (const event of events) output.out(JSON.stringify(event));
    },
    end: () => undefined,
  };
}
