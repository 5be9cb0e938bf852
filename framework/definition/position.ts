/** A place in a file. `line` and `column` count from 1; `file` is relative to the project's folder where it is known. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where the function `callee` was called from, or undefined where the platform does not tell.
 *
 * Reads one frame of a stack trace, which costs some microseconds: cheap enough to do for every definition.
 */
export function callSite(callee: (...parameters: never[]) => unknown): Position | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, callee);
  Error.stackTraceLimit = limit;
  const match = /\(?((?:file:\/\/)?[^()\s][^()]*?):(\d+):(\d+)\)?$/.exec(holder.stack?.trimEnd() ?? "");
  if (!match) return undefined;
  const file = (match[1] ?? "").replace(/^.*?at (?:async )?/, "");
  return { file, line: Number(match[2]), column: Number(match[3]) };
}
