import type { Columns, ValueOf } from "./column.ts";
import { DefinitionFault } from "./definition-fault.ts";
import { nearest } from "./nearest.ts";
import { callSite, type Position } from "./position.ts";

// Registered symbols: a project may carry a copy of this module of its own, and the framework that runs it must read
// what that copy made.
const sqlTree = Symbol.for("typed-assets.sql");
const relationNode = Symbol.for("typed-assets.relation");
const columnNode = Symbol.for("typed-assets.column");

/** A piece of SQL: a frozen tree of text and parameters, rendered for each engine by {@link renderSql}. */
export interface Sql {
  readonly [sqlTree]: readonly SqlPart[];
  /** Where the template stands. */
  readonly position: Position | undefined;
}

type SqlPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "identifier"; readonly name: string }
  | { readonly kind: "literal"; readonly value: number | bigint | boolean | null | string }
  | { readonly kind: "relation"; readonly name: string; readonly alias: string | undefined }
  | { readonly kind: "column"; readonly relation: string; readonly column: string }
  | { readonly kind: "sql"; readonly sql: Sql };

/** A column of a relation, to be put into a `sql` template. */
export interface SqlColumn<V = unknown> {
  readonly [columnNode]: { readonly relation: string; readonly column: string; readonly value?: V };
}

/** An input as a `sql` template sees it: itself in `from`, its columns as properties. Only columns are string properties. */
export type Relation<C extends Columns = Columns> = {
  readonly [relationNode]: {
    readonly name: string;
    readonly alias: string | undefined;
    readonly columns: readonly string[];
  };
} & { readonly [K in keyof C]: SqlColumn<ValueOf<C[K]>> };

type AnyRelation = { readonly [relationNode]: Relation[typeof relationNode] };

/** What a `sql` template takes: relations, columns, other SQL, and values, which always become literals. */
export type SqlParameter = AnyRelation | SqlColumn | Sql | number | bigint | boolean | null | string;

/** A relation with the columns of an input; made by the framework for the function given to `asset.sql`. */
export function relation<C extends Columns>(name: string, columns: C): Relation<C> {
  return build<C>(name, undefined, Object.keys(columns));
}

/** The same relation under another name, so that one statement can read it twice: `from ${alias(orders, "o")}`. */
export function alias<R extends AnyRelation>(of: R, name: string): R {
  const { name: original, columns } = of[relationNode];
  return build(original, name, columns) as unknown as R;
}

function build<C extends Columns>(
  name: string,
  aliasName: string | undefined,
  columns: readonly string[],
): Relation<C> {
  const target: Record<PropertyKey, unknown> = Object.create(null);
  target[relationNode] = Object.freeze({ name, alias: aliasName, columns });
  for (const column of columns) {
    target[column] = Object.freeze({ [columnNode]: Object.freeze({ relation: aliasName ?? name, column }) });
  }
  return new Proxy(Object.freeze(target), { get: readColumn }) as unknown as Relation<C>;

  function readColumn(of: typeof target, property: PropertyKey): unknown {
    if (typeof property === "symbol" || property in of) return of[property];
    const near = nearest(String(property), columns);
    throw new DefinitionFault({
      code: "column-unknown",
      severity: "error",
      message: `${name} has no column "${String(property)}"`,
      hint: near.length > 0 ? `did you mean ${near.join(", ")}?` : `${name} has ${columns.join(", ")}`,
    });
  }
}

/**
 * A piece of SQL. Parameters keep their meaning: a relation becomes a name in `from`, a column a qualified name, a
 * string always a literal. Raw text needs `sql.raw`.
 *
 * @example
 * sql`select ${orders.order_id} from ${orders} where ${orders.order_status} = ${"delivered"}`
 */
export function sql(strings: TemplateStringsArray, ...parameters: readonly SqlParameter[]): Sql {
  const parts: SqlPart[] = [];
  for (const [index, text] of strings.entries()) {
    if (text !== "") parts.push({ kind: "text", text });
    if (index < parameters.length) parts.push(partOf(parameters[index], index));
  }
  return tree(parts, callSite(sql));
}

/** A quoted identifier. */
sql.ident = (name: string): Sql => tree([{ kind: "identifier", name }], undefined);

/** Text that goes into the statement as it is. Never pass it what a user typed. */
sql.raw = (text: string): Sql => tree([{ kind: "text", text }], undefined);

/** Pieces with a separator between them (", " unless told). */
sql.join = (pieces: readonly SqlParameter[], separator = ", "): Sql => {
  const parts: SqlPart[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) parts.push({ kind: "text", text: separator });
    parts.push(partOf(piece, index));
  }
  return tree(parts, undefined);
};

function tree(parts: readonly SqlPart[], position: Position | undefined): Sql {
  return Object.freeze({ [sqlTree]: Object.freeze(parts), position });
}

function partOf(parameter: unknown, index: number): SqlPart {
  switch (typeof parameter) {
    case "string":
    case "bigint":
    case "boolean":
      return { kind: "literal", value: parameter };
    case "number":
      if (Number.isFinite(parameter)) return { kind: "literal", value: parameter };
      break;
    case "object":
      if (parameter === null) return { kind: "literal", value: null };
      if (relationNode in parameter) {
        const { name, alias: aliasName } = (parameter as AnyRelation)[relationNode];
        return { kind: "relation", name, alias: aliasName };
      }
      if (columnNode in parameter) return { kind: "column", ...(parameter as SqlColumn)[columnNode] };
      if (sqlTree in parameter) return { kind: "sql", sql: parameter as Sql };
      break;
    default:
  }
  throw new DefinitionFault({
    code: "sql-parameter-invalid",
    severity: "error",
    message: `parameter ${index + 1} of a sql template is ${describeValue(parameter)}`,
    hint: "a parameter is a relation, one of its columns, another sql`…`, or a finite number, bigint, boolean, null or string",
  });
}

function describeValue(value: unknown): string {
  if (typeof value === "object") return `an object of ${value?.constructor?.name ?? "no class"}`;
  return typeof value === "number"
    ? String(value)
    : typeof value === "undefined"
      ? "undefined"
      : `a ${typeof value}`;
}

/** How an engine writes names and literals. */
export interface SqlDialect {
  identifier(name: string): string;
  literal(value: number | bigint | boolean | null | string): string;
}

/** Standard SQL: double quotes around names, single quotes around text. DuckDB, PostgreSQL and Snowflake read it. */
export const standardDialect: SqlDialect = {
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  literal: (value) => {
    if (value === null) return "null";
    return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
  },
};

/** A stretch of a rendered statement that came from a template's own text: how a fault in SQL finds its line in the source. */
export interface RenderedText {
  /** Where it begins in the rendered statement, in characters from 0. */
  readonly offset: number;
  readonly text: string;
  /** Where the template that holds it stands. */
  readonly template: Position | undefined;
}

export interface RenderedSql {
  readonly text: string;
  readonly pieces: readonly RenderedText[];
}

/** The statement as one engine reads it. Each relation is referred to by its input's name. */
export function renderSql(statement: Sql, dialect: SqlDialect = standardDialect): RenderedSql {
  const pieces: RenderedText[] = [];
  let text = "";
  const render = (part: Sql): void => {
    for (const piece of part[sqlTree]) {
      switch (piece.kind) {
        case "text":
          pieces.push({ offset: text.length, text: piece.text, template: part.position });
          text += piece.text;
          break;
        case "identifier":
          text += dialect.identifier(piece.name);
          break;
        case "literal":
          text += dialect.literal(piece.value);
          break;
        case "relation":
          text += dialect.identifier(piece.name);
          if (piece.alias !== undefined) text += ` as ${dialect.identifier(piece.alias)}`;
          break;
        case "column":
          text += `${dialect.identifier(piece.relation)}.${dialect.identifier(piece.column)}`;
          break;
        case "sql":
          render(piece.sql);
          break;
      }
    }
  };
  render(statement);
  return { text, pieces };
}

/** Whether a value was made by the `sql` template. */
export function isSql(value: unknown): value is Sql {
  return typeof value === "object" && value !== null && sqlTree in value;
}
