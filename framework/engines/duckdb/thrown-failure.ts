import { fileURLToPath } from "node:url";
import type { Failure } from "../../definition/failure.ts";

const mostFrames = 10;

/** The failure for what a user's function threw, with the frames of the stack that are the user's. */
export function thrownFailure(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) {
    return { reason: "function-threw", message: `The function threw ${String(thrown)}, which is no Error.` };
  }
  const frames = userFrames(thrown.stack ?? "");
  const name = thrown.name === "Error" ? "" : `${thrown.name}: `;
  return {
    reason: "function-threw",
    message: `The function threw: ${name}${thrown.message}`,
    ...(frames.length > 0 && { detail: frames }),
  };
}

function userFrames(stack: string): readonly string[] {
  const own = fileURLToPath(import.meta.url).replace(/[^/\\]*$/, "");
  return stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") && !line.includes("node:") && !line.includes(own))
    .slice(0, mostFrames);
}
