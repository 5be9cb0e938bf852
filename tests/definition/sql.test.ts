import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { date, string } from "../../framework/definition/column.ts";
import { DefinitionFault } from "../../framework/definition/definition-fault.ts";
import {
  alias,
  isSql,
  type Relation,
  relation,
  renderSql,
  type SqlDialect,
  type SqlParameter,
  sql,
} from "../../framework/definition/sql.ts";

const columns = { order_id: string(), as: date(), alias: string(), "odd name": string() };
const orders = relation("orders", columns);
const text = (statement: ReturnType<typeof sql>): string => renderSql(statement).text;

const faultOf = (work: () => unknown): DefinitionFault["diagnostic"] => {
  try {
    work();
  } catch (fault) {
    if (fault instanceof DefinitionFault) return fault.diagnostic;
    throw fault;
  }
  throw new Error("nothing was thrown");
};

describe("rendering", () => {
  it("writes a relation as a name and a column as a qualified name", () => {
    expect(text(sql`select ${orders.order_id} from ${orders}`)).toBe(
      'select "orders"."order_id" from "orders"',
    );
  });

  it("writes an aliased relation with its other name, and its columns under that", () => {
    const o = alias(orders, "o");
    const again = alias(o, "o2");
    expect(text(sql`select ${o.order_id}, ${again.order_id} from ${o} join ${again} using (order_id)`)).toBe(
      'select "o"."order_id", "o2"."order_id" from "orders" as "o" join "orders" as "o2" using (order_id)',
    );
  });

  it("keeps columns whose names are words of ours or of SQL", () => {
    expect(text(sql`select ${orders.as}, ${orders.alias}, ${orders["odd name"]}`)).toBe(
      'select "orders"."as", "orders"."alias", "orders"."odd name"',
    );
  });

  it("keeps columns that share a name with what every object has", () => {
    const odd = relation("odd", { constructor: string(), toString: string(), __proto__x: string() });
    expect(text(sql`select ${odd.constructor}, ${odd.toString} from ${odd}`)).toBe(
      'select "odd"."constructor", "odd"."toString" from "odd"',
    );
  });

  it("writes values as literals", () => {
    expect(text(sql`${1} ${-2.5} ${3n} ${true} ${null} ${"it's"} ${""}`)).toBe(
      "1 -2.5 3 true null 'it''s' ''",
    );
  });

  it("writes a text as a literal whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const rendered = text(sql`select ${value}`);
        const inner = rendered.slice("select '".length, -1);
        expect(rendered).toBe(`select '${inner}'`);
        expect(inner.replaceAll("''", "")).not.toContain("'");
        expect(inner.replaceAll("''", "'")).toBe(value);
      }),
    );
  });

  it("quotes identifiers, doubling quotes", () => {
    expect(text(sql`select ${sql.ident('a"b')} from ${relation('x"y', {})}`)).toBe(
      'select "a""b" from "x""y"',
    );
  });

  it("nests, joins and takes raw text", () => {
    const condition = sql`${orders.order_id} = ${"x"}`;
    expect(text(sql`select ${sql.join([orders.order_id, orders.as, sql`1`])} where ${condition}`)).toBe(
      'select "orders"."order_id", "orders"."as", 1 where "orders"."order_id" = \'x\'',
    );
    expect(text(sql.join([sql.raw("a"), 1], " or "))).toBe("a or 1");
    expect(text(sql.join([]))).toBe("");
  });

  it("renders for the dialect it is given", () => {
    const dialect: SqlDialect = { identifier: (name) => `\`${name}\``, literal: (value) => `<${value}>` };
    expect(renderSql(sql`select ${orders.order_id}, ${"a"} from ${alias(orders, "o")}`, dialect).text).toBe(
      "select `orders`.`order_id`, <a> from `orders` as `o`",
    );
  });

  it("says where each stretch of the template's own text came to stand", () => {
    const inner = sql`b ${1} c`;
    const { text: whole, pieces } = renderSql(sql`a ${inner} d`);
    expect(whole).toBe("a b 1 c d");
    for (const piece of pieces) {
      expect(whole.slice(piece.offset, piece.offset + piece.text.length)).toBe(piece.text);
    }
    expect(pieces.map((piece) => piece.text)).toEqual(["a ", "b ", " c", " d"]);
    expect(pieces.map((piece) => piece.template)).toEqual([
      expect.objectContaining({ file: expect.stringContaining("sql.test.ts") }),
      inner.position,
      inner.position,
      expect.objectContaining({ file: expect.stringContaining("sql.test.ts") }),
    ]);
  });

  it("keeps escapes as the template means them", () => {
    expect(text(sql`select '\n'`)).toBe("select '\n'");
  });
});

describe("what a template is made of", () => {
  it("is frozen, and known as SQL", () => {
    const statement = sql`select 1`;
    expect(Object.isFrozen(statement)).toBe(true);
    expect([isSql(statement), isSql("select 1"), isSql(null), isSql(orders)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("names the near column where one does not exist", () => {
    expect(faultOf(() => (orders as unknown as Record<string, unknown>)["order_idd"])).toEqual({
      code: "column-unknown",
      severity: "error",
      message: 'orders has no column "order_idd"',
      hint: "did you mean order_id?",
    });
  });

  it("lists the columns where none is near", () => {
    const fault = faultOf(() => (orders as unknown as Record<string, unknown>)["qqqqqqqqqq"]);
    expect(fault.hint).toBe("orders has order_id, as, alias, odd name");
  });

  it.each([
    ["undefined", undefined, "undefined"],
    ["a number that is none", Number.NaN, "NaN"],
    ["infinity", Number.POSITIVE_INFINITY, "Infinity"],
    ["a Date", new Date(0), "an object of Date"],
    ["a list", [1], "an object of Array"],
    ["an object without a class", Object.create(null), "an object of no class"],
    ["a function", () => 1, "a function"],
    ["a symbol", Symbol("x"), "a symbol"],
  ])("refuses %s", (_, value, words) => {
    expect(faultOf(() => sql`select ${1}, ${value as SqlParameter}`)).toMatchObject({
      code: "sql-parameter-invalid",
      message: `parameter 2 of a sql template is ${words}`,
    });
  });

  it("lets a relation be looked at by tools that ask for symbols", () => {
    const looked = orders as unknown as Relation & Record<symbol, unknown>;
    expect(looked[Symbol.toStringTag]).toBeUndefined();
  });
});
