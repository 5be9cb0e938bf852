import { standardDialect } from "../../definition/sql.ts";
import { fileLiteral, plainFile } from "./file-literal.ts";
import type { TableFile } from "./table-file.ts";

/**
 * DuckDB's SQL for the rows of a file. Every field is read as text and turned into its type by our own rules: DuckDB's
 * reader would round "99.999" into a decimal(10,2) and "49.5" into an integer without a word.
 */
export function csvStatement({ path, columns }: TableFile, declared: readonly string[]): string {
  const { identifier } = standardDialect;
  // Named by their place, since a header may hold one name twice.
  const fields = columns.map((_, index) => `'c${index}': 'VARCHAR'`);
  const selected = declared.map((name) => {
    const index = columns.findIndex((column) => column.name === name);
    const rule = columns[index]?.rule;
    if (!rule) throw new Error(`Internal error: column ${name} was not found in ${path}`);
    return `${rule.sql(`c${index}`)} as ${identifier(name)}`;
  });
  return `select ${selected.join(",\n  ")}
from read_csv(${fileLiteral(path)}, ${plainFile}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', comment = '',
  nullstr = '', allow_quoted_nulls = false, strict_mode = true, null_padding = false, ignore_errors = false,
  columns = {${fields.join(", ")}})`;
}
