import type { Position } from "../definition/position.ts";

/** Leads from places in the code that runs to places in the files that people write. */
export interface Places {
  source(position: Position): Position;
  /** The place in a project's own code that an error came from, where it can be told. */
  thrown(error: unknown): Position | undefined;
}
