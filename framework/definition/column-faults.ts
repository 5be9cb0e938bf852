import type { Columns, ColumnType } from "./column.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { nearest } from "./nearest.ts";

type Fault = Pick<Diagnostic, "code" | "message" | "hint">;

/** What tsc would have said of a table's columns and keys, and what it cannot: for projects that are run without it. */
export function columnFaults(
  owner: string,
  columns: Columns,
  keys: readonly (readonly string[])[],
): readonly Fault[] {
  const names = Object.keys(columns);
  const faults: Fault[] = names.flatMap((name) => {
    const type = columns[name]?.type;
    return [...nameFaults(owner, name), ...(type ? typeFaults(owner, name, type) : [])];
  });
  if (names.length === 0) {
    faults.push({
      code: "column-declaration-invalid",
      message: `${owner} has no columns`,
      hint: "declare what it is made of",
    });
  }
  for (const column of keys.flat()) {
    if (names.includes(column)) continue;
    const near = nearest(column, names);
    faults.push({
      code: "column-unknown",
      message: `${owner} has no column "${column}", which its key names`,
      hint: near.length > 0 ? `did you mean ${near.join(", ")}?` : `it has ${names.join(", ")}`,
    });
  }
  return faults;
}

function nameFaults(owner: string, name: string): readonly Fault[] {
  // A row given to a function is a plain object, in which __proto__ is no field.
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== "__proto__";
  if (isName) return [];
  return [
    {
      code: "column-name-invalid",
      message: `${owner}: "${name}" is not a column name`,
      hint: "letters, digits and _ only, and not __proto__",
    },
  ];
}

function typeFaults(owner: string, name: string, type: ColumnType): readonly Fault[] {
  if (type.kind !== "decimal") return [];
  const { precision, scale } = type;
  const isWhole = Number.isInteger(precision) && Number.isInteger(scale);
  if (isWhole && precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision) return [];
  return [
    {
      code: "column-declaration-invalid",
      message: `${owner}: ${name} is decimal(${precision},${scale})`,
      hint: "a decimal has 1 to 38 digits in all, and no more of them behind the point",
    },
  ];
}
