import type { DuckDBValue } from "@duckdb/node-api";
import type { AssetKey } from "../../definition/asset-key.ts";
import type { Check, CheckOutcome } from "../../definition/check.ts";
import type { StoredRelation } from "../../definition/compute-port.ts";
import type { Failure } from "../../definition/failure.ts";
import { err, ok, type Result } from "../../definition/result.ts";
import { failureIn, stoppedFailure } from "../../definition/stopped-failure.ts";
import { type CheckQuery, checkedRows, checkQuery, referenceName } from "./check-query.ts";
import { findCorruptFile } from "./corrupt-file.ts";
import type { Database } from "./database.ts";
import { engineFailure, FailureError } from "./failure-of.ts";
import { interruptible } from "./interruptible.ts";
import { createViews } from "./relation-view.ts";
import { valueText } from "./value-text.ts";

const sampleRows = 5;

/** Counts the offending rows of all checks in one statement, then looks up some of them where there are any. */
export async function evaluate(
  database: Database,
  checks: readonly Check[],
  relation: StoredRelation,
  references: ReadonlyMap<AssetKey, StoredRelation>,
  signal: AbortSignal,
): Promise<Result<readonly CheckOutcome[], Failure>> {
  if (checks.length === 0) return ok([]);
  const relations = relationsOf(checks, relation, references);
  const queries = checks.map((check) => checkQuery(check, relation.schema));
  try {
    return ok(
      await database.connected(async (connection) => {
        const run = (sql: string): Promise<SampleRows> =>
          database.slots.run(() =>
            interruptible(connection, signal, async () => (await connection.run(sql)).getRows()),
          );
        try {
          await createViews(connection, relations);
          const [counts = []] = await run(`select ${queries.map(({ count }) => `(${count})`).join(",\n")}`);
          const outcomes: CheckOutcome[] = [];
          for (const [index, query] of queries.entries()) {
            outcomes.push(await outcomeOf(query, Number(counts[index]), run));
          }
          return outcomes;
        } catch (thrown) {
          const corrupt = signal.aborted
            ? undefined
            : await findCorruptFile(connection, Object.values(relations), thrown);
          throw corrupt ? new FailureError(corrupt) : thrown;
        }
      }),
    );
  } catch (thrown) {
    if (signal.aborted) return err(failureIn(thrown) ?? stoppedFailure(signal));
    return err(engineFailure(thrown, "evaluated checks"));
  }
}

type SampleRows = readonly (readonly DuckDBValue[])[];

async function outcomeOf(
  query: CheckQuery,
  rows: number,
  run: (sql: string) => Promise<SampleRows>,
): Promise<CheckOutcome> {
  if (rows === 0) return { status: "passed" };
  const sample = await run(`${query.sample} limit ${sampleRows}`);
  return {
    status: "failed",
    rows,
    sampleColumns: query.sampleColumns,
    sample: sample.map((row) => row.map(valueText)),
  };
}

function relationsOf(
  checks: readonly Check[],
  relation: StoredRelation,
  references: ReadonlyMap<AssetKey, StoredRelation>,
): Readonly<Record<string, StoredRelation>> {
  const relations: Record<string, StoredRelation> = { [checkedRows]: relation };
  for (const check of checks) {
    if (check.kind !== "foreign-key") continue;
    const { asset } = check.references;
    const referred = references.get(asset);
    if (!referred) throw new Error(`Internal error: check ${check.id} was given no relation of ${asset}`);
    relations[referenceName(asset)] = referred;
  }
  return relations;
}
