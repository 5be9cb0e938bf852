import type { DuckDBConnection } from "@duckdb/node-api";
import type { ColumnStatistics } from "../../definition/compute-port.ts";
import type { ColumnSchema, TableSchema } from "../../definition/schema.ts";
import { quoted } from "./column-type.ts";
import { duckdbVersion } from "./engine-version.ts";
import { fileLiteral, plainFile } from "./file-literal.ts";

export interface PartSummary {
  readonly rows: number;
  readonly rowHash: string;
  readonly columns: readonly ColumnStatistics[];
}

// A least or greatest value only helps to find rows; a long one would make manifests long.
const longestStatistic = 64;

/**
 * What stands in a Parquet file, read back from it.
 *
 * The hash of the rows is their count and the sum of each row's hash, so that neither order nor row groups nor threads
 * matter and every repetition counts. The row's hash is hashed once more: DuckDB combines the columns by
 * multiplication and xor, and a sum of those could be kept by exchanging values between rows.
 */
export async function summarizePart(
  connection: DuckDBConnection,
  file: string,
  schema: TableSchema,
): Promise<PartSummary> {
  const names = schema.columns.map(({ name }) => quoted(name));
  const statistics = names.flatMap((name) => [
    shortText(`min(${name})`),
    shortText(`max(${name})`),
    `count(${name})`,
  ]);
  const result = await connection.run(
    `select count(*), sum(hash(hash(${schema.columns.flatMap(hashed).join(", ")})))::varchar, ${statistics.join(", ")}
     from read_parquet(${fileLiteral(file)}, ${plainFile})`,
  );
  const [row] = await result.getRows();
  if (!row) throw new Error("Internal error: an aggregate gave no row");
  const rows = Number(row[0]);
  return {
    rows,
    rowHash: `sum-hash-2:duckdb-${duckdbVersion()}:${rows}:${String(row[1] ?? 0)}`,
    columns: schema.columns.map(({ name }, index) => ({
      name,
      min: textOrNull(row[2 + index * 3]),
      max: textOrNull(row[3 + index * 3]),
      nulls: rows - Number(row[4 + index * 3]),
    })),
  };
}

/**
 * What of a column goes into the hash of a row. DuckDB's hash is the same for 0 and -0, though 1/x is not, and that of
 * null is some number's too.
 */
function hashed({ name, type, nullable }: ColumnSchema): readonly string[] {
  const column = quoted(name);
  const sign = type.kind === "double" ? [`(signbit(${column}) and not isnan(${column}))`] : [];
  return [column, ...sign, ...(nullable ? [`${column} is null`] : [])];
}

function shortText(expression: string): string {
  const text = `${expression}::varchar`;
  return `case when length(${text}) <= ${longestStatistic} then ${text} end`;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
