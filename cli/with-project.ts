import { Console } from "node:console";
import { setTimeout as wait } from "node:timers/promises";
import type { Failure } from "../framework/definition/failure.ts";
import { err, ok, type Result } from "../framework/definition/result.ts";
import { readEnvironment } from "../framework/lake/environments.ts";
import type { Environment } from "../framework/lake/records.ts";
import { checkSql } from "../framework/project/check-sql.ts";
import type { CommandOptions } from "./command-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { definitionsInvalid, openProject, type ProjectSession, projectRoot } from "./project-session.ts";
import { createOutput, type Output } from "./text/output.ts";
import { diagnosticText, reportFailure } from "./text/report-failure.ts";

const longestCloseMs = 3000;

/** What a command works with. */
export interface CommandContext {
  readonly options: CommandOptions;
  readonly output: Output;
  readonly session: ProjectSession;
  /** The environment as it is now; undefined where nothing was ever published into it. */
  readonly environment: Environment | undefined;
  /** Aborted by the first Ctrl-C; the second ends the process at once. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command on the project of the working folder: loads it, reads the environment, says what fails, cleans up. A
 * failure that the command gives back is one that kept it from planning.
 */
export async function withProject(
  options: CommandOptions,
  command: (context: CommandContext) => Promise<Result<number, Failure>>,
): Promise<number> {
  const from = process.cwd();
  const output = createOutput({ json: options.json, variables: process.env });
  // What a project's own code prints must not come between the JSON that another program reads.
  if (options.json) globalThis.console = new Console(process.stderr, process.stderr);
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const session = await openProject(from, options.environment);
  try {
    const result = session.ok ? await run(session.value) : session;
    if (result.ok) return result.value;
    reportFailure(output, result.error, projectRoot(from));
    return exitCodes.notPlanned;
  } finally {
    if (session.ok) await closeInTime(session.value);
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }

  async function run(opened: ProjectSession): Promise<Result<number, Failure>> {
    if (!options.json)
      for (const warning of opened.warnings) output.err(diagnosticText(output, warning, opened.root));
    const held = await readEnvironment(opened.store, opened.environmentName);
    if (!held.ok) return held;
    const environment = held.value?.environment;
    return await command({ options, output, session: opened, environment, signal: controller.signal });
  }
}

// A function that heeds no signal may hold on to the engine for ever: the process ends all the same.
async function closeInTime(session: ProjectSession): Promise<void> {
  const done = new AbortController();
  const late = wait(longestCloseMs, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([session.close(), late]);
  done.abort();
}

/** Compares what SQL assets put out with what they declare; cached, so that equal definitions cost nothing. */
export async function checkDefinitions({ session }: CommandContext): Promise<Result<void, Failure>> {
  const diagnostics = await checkSql(session.graph, session.compute, session.cacheFolder);
  return diagnostics.some(({ severity }) => severity === "error")
    ? err(definitionsInvalid(diagnostics))
    : ok(undefined);
}
