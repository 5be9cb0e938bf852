import type { ColumnSchema } from "../../../framework/definition/schema.ts";
import { parseCsv } from "./parse-csv.ts";

type Row = Readonly<Record<string, unknown>>;

/** The rows of a file as another parser reads them, each value turned by JS alone. */
export function valuesOf(text: string, columns: readonly ColumnSchema[]): readonly Row[] {
  const [header = [], ...records] = parseCsv(text);
  return records.map((record) =>
    Object.fromEntries(
      columns.map(({ name, type }) => {
        const field = record[header.indexOf(name)] ?? null;
        return [name, field === null ? null : valueIn(field, type)];
      }),
    ),
  );
}

function valueIn(text: string, type: ColumnSchema["type"]): unknown {
  switch (type.kind) {
    case "int32":
    case "double":
      return Number(text);
    case "decimal":
      return Number(text).toFixed(type.scale);
    case "timestamp":
      return BigInt(Date.parse(`${text.replace(" ", "T")}Z`)) * 1000n;
    default:
      return text;
  }
}
