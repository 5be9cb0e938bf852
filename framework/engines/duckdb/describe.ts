import type { DescribedColumn, StatementFault } from "../../definition/compute-port.ts";
import { err, ok, type Result } from "../../definition/result.ts";
import type { TableSchema } from "../../definition/schema.ts";
import { connectedOr } from "./connected-or-fault.ts";
import type { Database } from "./database.ts";
import { createViews } from "./relation-view.ts";
import { singleStatement } from "./single-statement.ts";
import { statementFault } from "./statement-fault.ts";
import { findOutsideRead } from "./statement-tree.ts";

/**
 * The columns that a statement puts out, found by binding it to empty relations in an instance that can reach no file:
 * nothing is run. A statement that is not one single query over its relations is a fault.
 */
export function describe(
  database: Database,
  statement: string,
  relations: Readonly<Record<string, TableSchema>>,
): Promise<Result<readonly DescribedColumn[], StatementFault>> {
  return connectedOr(database.isolated, async (connection) => {
    const single = await singleStatement(connection, statement);
    if (!single.ok) return single;
    const outside = await findOutsideRead(connection, statement, relations);
    if (outside) return err(outside);
    // Views, as when it is run: tables would have a rowid.
    await createViews(
      connection,
      Object.fromEntries(Object.entries(relations).map(([name, schema]) => [name, { files: [], schema }])),
    );
    try {
      const prepared = await single.value.prepare();
      if (prepared.parameterCount > 0) {
        return err({ message: "it has a parameter ($1 or ?) that nothing gives a value to" });
      }
      const columns = Array.from({ length: prepared.columnCount }, (_, index) => ({
        name: prepared.columnName(index),
        type: String(prepared.columnType(index)),
      }));
      const twice = nameTwice(columns);
      return twice === undefined
        ? ok(columns)
        : err({ message: `it puts out two columns "${twice}": name them apart` });
    } catch (thrown) {
      return err(statementFault(thrown, statement));
    }
  });
}

function nameTwice(columns: readonly DescribedColumn[]): string | undefined {
  const seen = new Set<string>();
  return columns.find(({ name }) => {
    const folded = name.toLowerCase();
    return seen.size === seen.add(folded).size;
  })?.name;
}
