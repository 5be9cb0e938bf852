import { createHash } from "node:crypto";
import type { Failure } from "../../definition/failure.ts";
import { nearest } from "../../definition/nearest.ts";
import type { GeneratedQueries, GeneratedTables } from "../../definition/resource.ts";
import { err, ok, type Result } from "../../definition/result.ts";
import type { SourceEngine, SourceTableRequest } from "../../definition/source-port.ts";
import type { SourceToken } from "../../definition/source-token.ts";
import { failureIn, stoppedFailure } from "../../definition/stopped-failure.ts";

/**
 * Tables that SQL makes. The same text always gives the same rows, so the text is the token: nothing is run, and no
 * engine is started, to know that nothing has changed.
 */
export function openGeneratedTables(resource: GeneratedTables): SourceEngine {
  let loaded: Promise<GeneratedQueries> | undefined;

  async function load(
    tables: readonly SourceTableRequest[],
    signal: AbortSignal,
  ): Promise<Result<GeneratedQueries, Failure>> {
    loaded ??= resource.load();
    try {
      const queries = await loaded;
      if (signal.aborted) return err(stoppedFailure(signal));
      const unknown = tables
        .map(({ table }) => table)
        .filter((table) => !Object.hasOwn(queries.tables, table));
      return unknown.length === 0 ? ok(queries) : err(unknownFailure(resource.label, unknown, queries));
    } catch (thrown) {
      loaded = undefined;
      return err(failureIn(thrown) ?? loadFailure(resource.label, tables, thrown));
    }
  }

  return {
    kind: "generated",
    label: resource.label,
    synthetic: true,
    async observe(tables, signal) {
      const queries = await load(tables, signal);
      return queries.ok ? ok(tokensOf(tables, queries.value)) : queries;
    },
    async open(tables, signal) {
      const loading = await load(tables, signal);
      if (!loading.ok) return loading;
      const queries = loading.value;
      return ok({
        tokens: tokensOf(tables, queries),
        read: (table) => ({
          form: "query",
          statement: queryOf(queries, table),
          relations: {},
          setup: queries.setup,
        }),
        warnings: [],
        close: async () => {},
      });
    },
    close: async () => {},
  };
}

function tokensOf(
  tables: readonly SourceTableRequest[],
  queries: GeneratedQueries,
): ReadonlyMap<string, SourceToken> {
  return new Map(
    tables.map(({ table }) => {
      const hash = createHash("sha256");
      for (const text of [...queries.setup, queryOf(queries, table)]) {
        hash.update(`${Buffer.byteLength(text)}:`).update(text);
      }
      const value = `sql-sha256:${hash.digest("hex")}`;
      return [table, { strength: "strong", value, scope: "", synthetic: true }];
    }),
  );
}

function queryOf({ tables }: GeneratedQueries, table: string): string {
  const query = tables[table];
  if (query === undefined) throw new Error(`Internal error: table ${table} was not asked for`);
  return query;
}

function unknownFailure(label: string, unknown: readonly string[], { tables }: GeneratedQueries): Failure {
  const names = Object.keys(tables).sort();
  const near = unknown.flatMap((table) => nearest(table, names));
  return {
    reason: "config-invalid",
    message: `The ${label} has no table ${unknown.map((table) => `"${table}"`).join(", ")}.`,
    hint: near.length > 0 ? `did you mean ${near.join(", ")}?` : `it has ${names.join(", ")}`,
  };
}

function loadFailure(label: string, tables: readonly SourceTableRequest[], thrown: unknown): Failure {
  return {
    reason: "source-unreachable",
    source: label,
    table: tables[0]?.table ?? "",
    message: `The ${label} could not be loaded: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
  };
}
