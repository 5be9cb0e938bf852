import type { RowSource } from "../../framework/definition/compute-port.ts";
import type { Failure } from "../../framework/definition/failure.ts";
import { err, ok } from "../../framework/definition/result.ts";
import type { SourceEngine } from "../../framework/definition/source-port.ts";
import type { SourceToken } from "../../framework/definition/source-token.ts";
import type { Row } from "./run-rig.ts";

/** A table of a source at one moment. */
export interface TableState {
  readonly rows: readonly Row[];
  /** What its token says; the rows themselves unless told. */
  readonly token?: string;
  /** "strong" unless told. */
  readonly strength?: SourceToken["strength"];
}

/** What the test decides about a source, while it is used. May wait for as long as it likes. */
export interface SourceControl {
  /** Before a snapshot is taken. */
  readonly onOpen?: (
    number: number,
    signal: AbortSignal,
  ) => Failure | undefined | Promise<Failure | undefined>;
  /** After the first row of a table is read from a snapshot. */
  readonly onRead?: (table: string, snapshot: number) => Failure | undefined | Promise<Failure | undefined>;
}

export interface ControlledSource extends SourceEngine {
  /** Sets what a table holds from now on. Snapshots that are open do not see it. */
  set(table: string, state: TableState): void;
  control(control: SourceControl): void;
  /** What was asked of it, in order: "open 1", "read orders 1", "close 1". */
  readonly calls: readonly string[];
}

/** A source whose tables, tokens, moments and failures a test decides. */
export function controlledSource(
  tables: Readonly<Record<string, TableState>>,
  options: { readonly synthetic?: boolean; readonly warnings?: readonly string[] } = {},
): ControlledSource {
  const states = new Map(Object.entries(tables));
  const synthetic = options.synthetic ?? false;
  const calls: string[] = [];
  let control: SourceControl = {};
  let snapshots = 0;

  const stateOf = (table: string): TableState => {
    const state = states.get(table);
    if (state === undefined) throw new Error(`the test declares no table ${table}`);
    return state;
  };
  const tokenOf = ({ rows, token, strength = "strong" }: TableState): SourceToken => ({
    strength,
    value: token ?? JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
    scope: strength === "weak" ? "server" : "",
    synthetic,
  });

  return {
    kind: "controlled",
    label: "controlled",
    synthetic,
    calls,
    set: (table, state) => void states.set(table, state),
    control: (given) => {
      control = given;
    },
    async observe(requests) {
      return ok(new Map(requests.map(({ table }) => [table, tokenOf(stateOf(table))])));
    },
    async open(requests, signal) {
      snapshots += 1;
      const number = snapshots;
      calls.push(`open ${number}`);
      const failure = await control.onOpen?.(number, signal);
      if (failure) return err(failure);
      const held = new Map(requests.map(({ table }) => [table, stateOf(table)]));
      return ok({
        tokens: new Map([...held].map(([table, state]) => [table, tokenOf(state)])),
        warnings: options.warnings ?? [],
        read(table): RowSource {
          calls.push(`read ${table} ${number}`);
          return { form: "rows", rows: rowsOf(table, held.get(table)?.rows ?? [], number) };
        },
        close: async () => void calls.push(`close ${number}`),
      });
    },
    close: async () => {},
  };

  async function* rowsOf(table: string, rows: readonly Row[], snapshot: number): AsyncGenerator<Row> {
    for (const [index, row] of rows.entries()) {
      yield row;
      if (index > 0) continue;
      const failure = await control.onRead?.(table, snapshot);
      if (failure) throw failure;
    }
  }
}

export function unreachable(table: string): Failure {
  return { reason: "source-unreachable", source: "shop", table, message: "connection lost" };
}
