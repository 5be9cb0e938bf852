import type { Diagnostic } from "../../framework/definition/diagnostic.ts";
import type { Failure } from "../../framework/definition/failure.ts";
import { excerpt } from "../../framework/project/excerpt.ts";
import type { Output } from "./output.ts";

/** Says a failure: what, where, what to do. With --json as one JSON line on standard output. */
export function reportFailure(output: Output, failure: Failure, root: string | undefined): void {
  if (output.json) {
    output.out(JSON.stringify({ formatVersion: 1, error: failure }));
    return;
  }
  if (failure.reason === "definitions-invalid") {
    for (const diagnostic of failure.diagnostics) output.err(`${diagnosticText(output, diagnostic, root)}\n`);
    output.err(failure.message);
    return;
  }
  output.err(failureText(output, failure));
}

function failureText(output: Output, failure: Failure): string {
  const lines = [`${output.paint.alarm("error")}  ${failure.message}`];
  for (const line of failure.detail ?? []) lines.push(`       ${line}`);
  if (failure.hint !== undefined) lines.push(`       ${output.paint.dim(failure.hint)}`);
  return lines.join("\n");
}

/** A fault in definitions with its place and the line it is in. */
export function diagnosticText(output: Output, diagnostic: Diagnostic, root: string | undefined): string {
  const { position } = diagnostic;
  const word = diagnostic.severity === "error" ? output.paint.alarm("error") : "warning";
  const place = position
    ? `  ${output.paint.dim(`${position.file}:${position.line}:${position.column}`)}`
    : "";
  const lines = [`${word}  ${diagnostic.message}${place}`];
  if (position && root !== undefined) for (const line of excerpt(root, position)) lines.push(`  ${line}`);
  if (diagnostic.hint !== undefined) lines.push(`       ${output.paint.dim(diagnostic.hint)}`);
  return lines.join("\n");
}
