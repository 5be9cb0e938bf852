import type { SourceToken } from "../definition/source-token.ts";
import { unreachable } from "../definition/unreachable.ts";
import type { Reason } from "./plan.ts";

/** A reason on one line, in words. */
export function reasonText(reason: Reason): string {
  switch (reason.because) {
    case "never-made":
      return "never made";
    case "forced":
      return "forced";
    case "code-changed":
      return "code changed";
    case "config-changed":
      return `config changed: ${configChange(reason.from, reason.to)}`;
    case "schema-changed":
      return `columns changed: ${reason.changes.join(", ")}`;
    case "engine-changed":
      return `engine changed: ${reason.from} → ${reason.to}`;
    case "source-changed":
      return `source changed: ${reason.from === null ? "none" : tokenText(reason.from)} → ${tokenText(reason.to)}`;
    case "input-changed":
      return `${reason.asset} has other rows`;
    case "input-added":
      return `input ${reason.input} added`;
    case "input-removed":
      return `input ${reason.input} removed`;
    case "input-may-change":
      return `if ${reason.asset} changes`;
    case "check-added":
      return "never evaluated on these rows";
    case "check-changed":
      return "check changed";
    case "check-failed-last-time":
      return "failed last time";
    case "reference-changed":
      return `${reason.asset} changes`;
    default:
      return unreachable(reason);
  }
}

/** The names whose values differ, with both; the texts as they are where they hold no names. */
function configChange(from: string, to: string): string {
  const before = namesIn(from);
  const after = namesIn(to);
  if (before === undefined || after === undefined) return `${short(from, 40)} → ${short(to, 40)}`;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const text = (value: unknown): string => (value === undefined ? "none" : short(JSON.stringify(value), 30));
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `${name} ${text(before[name])} → ${text(after[name])}`)
    .join(", ");
}

// Long config is kept as a digest, which has no names.
function namesIn(config: string): Readonly<Record<string, unknown>> | undefined {
  if (!config.startsWith("{")) return undefined;
  const parsed: unknown = JSON.parse(config);
  return parsed as Readonly<Record<string, unknown>>;
}

/** Several reasons on one line. What is certain makes what may be superfluous. */
export function reasonsText(reasons: readonly Reason[]): string {
  const certain = reasons.filter((reason) => reason.because !== "input-may-change");
  return (certain.length > 0 ? certain : reasons).map(reasonText).join(", ");
}

/** A token short enough for a line. */
export function tokenText(token: SourceToken): string {
  const value = token.value.replace(/^[a-z0-9-]*:/, "");
  return `${token.synthetic ? "sample " : ""}${short(value, 8)}`;
}

function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
