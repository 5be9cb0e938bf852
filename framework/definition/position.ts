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
  const [, frame] = (holder.stack ?? "").split("\n    at ");
  if (frame === undefined) return undefined;
  // "at name (place)" inside a function, "at place" at the top level of a module; a place may hold parentheses itself.
  const open = Math.max(frame.lastIndexOf(" (file:"), frame.indexOf(" ("));
  const place = frame.endsWith(")") ? frame.slice(open + 2, -1) : frame.replace(/^async /, "");
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(place) ?? [];
  if (file === undefined) return undefined;
  return { file, line: Number(line), column: Number(column) };
}
