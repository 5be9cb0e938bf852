import type { DuckDBConnection } from "@duckdb/node-api";
import type { AssetKey } from "../../definition/asset-key.ts";
import type { Failure } from "../../definition/failure.ts";
import { nearest } from "../../definition/nearest.ts";
import { type TableSchema, typeName } from "../../definition/schema.ts";
import { duckdbType, quoted } from "./column-type.ts";
import { characterOffset, readEngineError } from "./engine-error.ts";
import { FailureError } from "./failure-of.ts";

/** A query that gives declared columns, and where in it each of them is cast. */
export interface CastStatement {
  readonly text: string;
  readonly columns: readonly { readonly offset: number; readonly name: string; readonly type: string }[];
}

/** Casts the columns of a view or table to the declared ones: by name as DuckDB compares names, in declared order. */
export async function castStatement(
  connection: DuckDBConnection,
  from: string,
  { columns }: TableSchema,
  asset: AssetKey,
): Promise<CastStatement> {
  const described = await connection.run(`describe ${quoted(from)}`);
  const present = (await described.getRows()).map(([name]) => String(name));
  const missing = columns.filter(({ name }) => !present.some((other) => sameName(name, other)));
  if (missing.length > 0) throw new FailureError(missingFailure(asset, missing, present));

  let text = "select ";
  const casts: { offset: number; name: string; type: string }[] = [];
  for (const [index, { name, type }] of columns.entries()) {
    if (index > 0) text += ", ";
    casts.push({ offset: text.length, name, type: typeName(type) });
    text += `cast(${quoted(name)} as ${duckdbType(type)}) as ${quoted(name)}`;
  }
  return { text: `${text} from ${quoted(from)}`, columns: casts };
}

/** The failure for a value that a declared column cannot hold, if the error is of that kind. */
export function castFailure(
  thrown: unknown,
  offsetOfCast: number,
  { text, columns }: CastStatement,
  asset: AssetKey,
): Failure | undefined {
  const { type, message, byteOffset } = readEngineError(thrown);
  if (type !== "Conversion" && type !== "Out of Range") return undefined;
  const offset = byteOffset === undefined ? -1 : characterOffset(text, byteOffset - offsetOfCast);
  const column = columns.find((candidate) => candidate.offset === offset);
  return {
    reason: "row-invalid",
    message: column
      ? `${asset}: a value of ${column.name} is no ${column.type}: ${message}`
      : `${asset}: a value cannot be converted: ${message}`,
    hint: column
      ? "declare a wider type, or make the statement give values that fit"
      : "use try_cast in the statement, or leave such rows out",
  };
}

function missingFailure(
  asset: AssetKey,
  missing: TableSchema["columns"],
  present: readonly string[],
): Failure {
  const names = missing.map(({ name }) => name);
  const near = names.flatMap((name) => nearest(name, present));
  return {
    reason: "row-invalid",
    message: `${asset}: its rows have no ${names.join(", ")}.`,
    hint: near.length > 0 ? `did you mean ${near.join(", ")}?` : `they have ${present.join(", ")}`,
  };
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
