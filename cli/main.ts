import yargs, { type Argv } from "yargs";
import type { Failure } from "../framework/definition/failure.ts";
import { nearest } from "../framework/definition/nearest.ts";
import { type CommandOptions, readOptions } from "./command-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { createOutput } from "./text/output.ts";

const commandNames = ["list", "graph", "plan", "explain", "materialize", "show", "query", "runs"];
const optionNames = [
  "select",
  "exclude",
  "env",
  "json",
  "force",
  "fail-fast",
  "concurrency",
  "rows",
  "limit",
];

type Command = (options: CommandOptions) => Promise<number>;

/** Runs one command line and gives its exit code. Each command is loaded only when it is called. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  const call = (load: () => Promise<Command>) => async (parsed: Record<string, unknown>) => {
    const command = await load();
    exitCode = await command(readOptions(parsed));
  };
  // Who names no command wants to know which there are.
  const cli = yargs(argv.length === 0 ? ["--help"] : [...argv])
    .scriptName("assets")
    .usage("$0 <command>: tables as assets, made when they are stale, checked, and published all at once")
    .parserConfiguration({
      "greedy-arrays": false,
      "boolean-negation": false,
      "duplicate-arguments-array": true,
    })
    .option("env", {
      type: "string",
      requiresArg: true,
      describe: "environment (ASSETS_ENV, or dev)",
      global: true,
      coerce: once("env"),
    })
    .option("json", { type: "boolean", describe: "JSON for other programs (docs/json.md)", global: true })
    .command(
      "list",
      "assets with their state",
      selecting,
      call(async () => (await import("./commands/list.ts")).list),
    )
    .command(
      "graph",
      "the graph as a tree",
      selecting,
      call(async () => (await import("./commands/graph.ts")).graph),
    )
    .command(
      "plan",
      "what materialize would do, and why",
      planning,
      call(async () => (await import("./commands/plan.ts")).plan),
    )
    .command(
      "explain <asset>",
      "why an asset is fresh or stale, part by part",
      (command) => command.positional("asset", { type: "string", demandOption: true }),
      call(async () => (await import("./commands/explain.ts")).explain),
    )
    .command(
      "materialize",
      "make what is stale, check it, publish it",
      (command) =>
        planning(command)
          .option("fail-fast", { type: "boolean", describe: "start nothing new after a failure" })
          .option("concurrency", {
            type: "number",
            coerce: wholeNumber("concurrency", 1),
            requiresArg: true,
            describe: "steps at once (as many as cores)",
          })
          .example("$0 materialize --select orders+", "orders and all that is made from it")
          .example("$0 materialize --select 'state:stale,tag:core'", "what is stale and tagged core"),
      call(async () => (await import("./commands/materialize.ts")).materialize),
    )
    .command(
      "show <asset>",
      "columns, checks, versions, lineage and sample rows",
      (command) =>
        command.positional("asset", { type: "string", demandOption: true }).option("rows", {
          type: "number",
          coerce: wholeNumber("rows", 0),
          requiresArg: true,
          default: 5,
          describe: "sample rows to show",
        }),
      call(async () => (await import("./commands/show.ts")).show),
    )
    .command(
      "query <sql>",
      "SQL over the current versions",
      (command) =>
        command
          .positional("sql", { type: "string", demandOption: true })
          .option("limit", {
            type: "number",
            coerce: wholeNumber("limit", 1),
            requiresArg: true,
            default: 100,
            describe: "rows to show",
          })
          .example("$0 query 'select count(*) from orders'", ""),
      call(async () => (await import("./commands/query.ts")).query),
    )
    .command(
      "runs [run]",
      "the last runs, or one of them",
      (command) =>
        command.positional("run", { type: "string", describe: "id of a run, or its end" }).option("limit", {
          type: "number",
          coerce: wholeNumber("limit", 1),
          requiresArg: true,
          default: 20,
          describe: "runs to show",
        }),
      call(async () => (await import("./commands/runs.ts")).runs),
    )
    .demandCommand(1, "name a command")
    .recommendCommands()
    .strict()
    .version("0.1.0")
    .alias("h", "help")
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .epilogue("exit codes: 0 done, 1 something failed, 2 could not plan, 130 interrupted")
    .exitProcess(false)
    .fail((message, error) => {
      // Thrown, since yargs calls the command all the same where this returns.
      throw error && error.name !== "YError" ? error : new UsageFault(message ?? error?.message ?? "");
    });
  try {
    await cli.parseAsync();
  } catch (thrown) {
    if (!(thrown instanceof UsageFault)) throw thrown;
    const output = createOutput({ json: argv.includes("--json"), variables: process.env });
    const { reportFailure } = await import("./text/report-failure.ts");
    reportFailure(
      output,
      usageFailure(
        thrown.message,
        argv.find((word) => !word.startsWith("-")),
      ),
      undefined,
    );
    return exitCodes.notPlanned;
  }
  return exitCode;
}

/** A command line that cannot be understood: nothing is run. */
class UsageFault extends Error {
  override readonly name = "UsageFault";
}

/** What yargs found wrong with a command line, with the command named and a way on. */
function usageFailure(fault: string, command: string | undefined): Failure {
  if (command !== undefined && !commandNames.includes(command)) {
    const near = nearest(command, commandNames);
    const meant = near.length > 0 ? `did you mean ${near.join(", ")}? ` : "";
    return { reason: "usage", message: `no command "${command}"`, hint: `${meant}assets --help lists all` };
  }
  if (fault.startsWith("Not enough non-option arguments")) {
    return {
      reason: "usage",
      message: `${command} needs to be told of what`,
      hint: `see: assets ${command} --help`,
    };
  }
  const unknown = /^Unknown argument: (\S+)$/.exec(fault)?.[1];
  const near = unknown === undefined ? [] : nearest(unknown, optionNames);
  const asked = near.length > 0 ? `did you mean --${near[0]}? ` : "";
  const meant = asked === "" && unknown !== undefined ? `assets are named by --select ${unknown}; ` : asked;
  const message = unknown === undefined ? fault : `no option or argument "${unknown}"`;
  return {
    reason: "usage",
    message,
    hint: `${meant}see: assets${command === undefined ? "" : ` ${command}`} --help`,
  };
}

/** Refuses an option that is given twice: which of the two was meant, nobody knows. */
function once(name: string): (value: unknown) => unknown {
  return (value) => {
    if (Array.isArray(value))
      throw new UsageFault(`--${name} is given ${value.length} times (${value.join(", ")})`);
    return value;
  };
}

/** Refuses what is no whole number from `least` on. */
function wholeNumber(name: string, least: number): (value: unknown) => unknown {
  return (value) => {
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least)) return value;
    throw new UsageFault(`--${name} takes a whole number from ${least} on`);
  };
}

function selecting(command: Argv): Argv {
  return command
    .option("select", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "assets, like orders+ or tag:core (docs/selection.md); may be given again",
    })
    .option("exclude", {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "assets to leave out, applied last",
    });
}

function planning(command: Argv): Argv {
  return selecting(command).option("force", {
    type: "boolean",
    describe: "make what is selected even if it is fresh",
  });
}
