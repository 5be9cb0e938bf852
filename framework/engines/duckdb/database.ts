import { createHash, randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { literal, quoted } from "./column-type.ts";
import { removeLeftovers } from "./remove-leftovers.ts";
import { createSlots, type Slots } from "./slots.ts";

export interface DatabaseOptions {
  /** Threads that work on statements; as many as there are cores unless told. */
  readonly threads?: number;
  /** What DuckDB may hold in memory before it spills to the temporary folder, such as "224MB". */
  readonly memoryLimit?: string;
  /** Where it may spill and stage; made when first needed. */
  readonly temporaryFolder: string;
}

/** DuckDB in memory: loaded and opened at first use, once for all. */
export interface Database {
  /** The folder of this process for staged files. */
  readonly folder: string;
  /** Heavy statements run in these: each holds a thread of Node's pool, and reading and writing files needs one too. */
  readonly slots: Slots;
  /** Lends a connection of its own, whose temporary views and tables end with it. */
  connected<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Lends a connection to another instance that can reach no file and holds no data. */
  isolated<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Runs statements once for equal texts, in a schema of their own, and has the connection look names up there. */
  setUp(connection: DuckDBConnection, statements: readonly string[]): Promise<void>;
  /** Waits for what is under way, then closes. */
  close(): Promise<void>;
}

// With this much a process stays under 500 MB even while it sorts 1.5 million rows.
const defaultMemoryLimit = "224MB";
const heavyStatements = 3;
const settings =
  "set errors_as_json = true; set enable_progress_bar = true; set enable_progress_bar_print = false; set TimeZone = 'UTC'";

export function openDatabase(options: DatabaseOptions): Database {
  const folder = join(options.temporaryFolder, `duckdb-${process.pid}-${randomBytes(4).toString("hex")}`);
  const underWay = new Set<Promise<unknown>>();
  const setups = new Map<string, Promise<void>>();
  let closed = false;

  const main = once(async () => {
    await removeLeftovers(options.temporaryFolder);
    await mkdir(folder, { recursive: true });
    return open({
      threads: String(options.threads ?? availableParallelism()),
      memory_limit: options.memoryLimit ?? defaultMemoryLimit,
      temp_directory: folder,
    });
  });
  const walled = once(() => open({ threads: "1", enable_external_access: "false" }));

  async function lend<T>(
    instance: () => Promise<DuckDBInstance>,
    work: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    if (closed) throw new Error("Internal error: the DuckDB engine was used after it was closed");
    const lent = (async () => {
      const connection = await (await instance()).connect();
      try {
        await connection.run(settings);
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    })();
    underWay.add(lent);
    try {
      return await lent;
    } finally {
      underWay.delete(lent);
    }
  }

  const connected = <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> =>
    lend(main.get, work);

  async function setUp(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
    if (statements.length === 0) return;
    const schema = `setup_${digestOf(statements)}`;
    let done = setups.get(schema);
    if (!done) {
      done = connected((own) => runSetup(own, schema, statements));
      setups.set(schema, done);
      done.catch(() => setups.delete(schema));
    }
    await done;
    await connection.run(`set schema = ${literal(schema)}`);
  }

  return {
    folder,
    slots: createSlots(heavyStatements),
    connected,
    isolated: (work) => lend(walled.get, work),
    setUp,
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
      for (const instance of [main, walled]) {
        const opened = await instance.opened()?.catch(() => undefined);
        opened?.closeSync();
      }
      if (main.opened()) await rm(folder, { recursive: true, force: true });
    },
  };
}

// Nothing may be fetched from the network, and nothing needs to be: parquet, json and icu are built in.
async function open(options: Readonly<Record<string, string>>): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  return DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    ...options,
  });
}

async function runSetup(
  connection: DuckDBConnection,
  schema: string,
  statements: readonly string[],
): Promise<void> {
  await connection.run(`create schema ${quoted(schema)}; set schema = ${literal(schema)}`);
  try {
    for (const statement of statements) await connection.run(statement);
    const unseen = await connection.run(
      `select table_name from duckdb_tables() where temporary and not internal
       union all select view_name from duckdb_views() where temporary and not internal
       union all select function_name from duckdb_functions() where database_name = 'temp' and not internal`,
    );
    const [first] = await unseen.getRows();
    if (first) {
      throw new Error(
        `the setup makes ${String(first[0])} temporary, so that no other connection sees it: leave out "temporary"`,
      );
    }
  } catch (thrown) {
    await connection.run(`drop schema ${quoted(schema)} cascade`);
    throw thrown;
  }
}

function digestOf(statements: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(statements)).digest("hex").slice(0, 16);
}

function once<T>(make: () => Promise<T>): { get(): Promise<T>; opened(): Promise<T> | undefined } {
  let made: Promise<T> | undefined;
  return {
    get: () => {
      if (!made) {
        const making = make();
        made = making;
        // What failed may pass next time.
        making.catch(() => {
          if (made === making) made = undefined;
        });
      }
      return made;
    },
    opened: () => made,
  };
}
