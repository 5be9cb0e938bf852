import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeSql, tokenizeSql } from "../../framework/project/normalize-sql.ts";

describe("two texts of one statement have one normal form", () => {
  test.each([
    ["white space", "select a,b from t", "select\n\ta , b\r\n from  t"],
    ["comments", "select a from t", "select /* x /* y */ z */ a -- all of it\n from t -- end"],
    ["a semicolon at the end", "select 1", "select 1 ; \n;"],
    ["the case of reserved words", "SELECT a FROM t GROUP BY a", "select a from t group by a"],
    ["white space around a point", "select a.b from a", "select a . b from a"],
    ["a comment between two signs", "select 1 - /* minus */ -1", "select 1 - -1"],
    ["a type before a text", "select date'2020-01-01'", "select date '2020-01-01'"],
    ["a line end of another system", "select 1 -- a\r\n, 2", "select 1, 2"],
  ])("%s", (_, one, other) => {
    expect(normalizeSql(one)).toBe(normalizeSql(other));
  });
});

describe("two statements that mean different things have two normal forms", () => {
  test.each([
    ["a comment against two signs", "select a--b\n from t", "select a - -b from t"],
    ["an operator that touches a line comment", "select 7 //-- c\n 2 + 1", "select 7 // 2 + 1"],
    ["an operator that touches a comment", "select 8 * 3 ///* c */ 2", "select 8 * 3 // 2"],
    ["a comparison that touches a comment", "select 1 + 2 </* c */ 3", "select 1 + 2 < 3"],
    ["a sign that touches an operator", "select a=-1", "select a = -1"],
    ["a comment mark in a text", "select '-- a'", "select '-- b'"],
    ["a comment mark in a name", 'select "/* a */"', 'select "/* b */"'],
    ["a comment mark in a dollar text", "select $$-- a$$", "select $$-- b$$"],
    ["white space in a text", "select 'a b'", "select 'a  b'"],
    ["the case of a text", "select 'A'", "select 'a'"],
    ["the case of a name", "select Total from t", "select total from t"],
    ["the case of a name after as", "select 1 as FROM", "select 1 as from"],
    ["the case of a name after a point", "select t.ORDER from t", "select t.order from t"],
    ["the case of a field", "select struct_pack(LEFT := 1)", "select struct_pack(left := 1)"],
    ["a number with and without a gap", "select 1.5", "select 1 .5"],
    ["an exponent with and without a gap", "select 1e5", "select 1 e5"],
    ["a sign in an exponent", "select 1e-5", "select 1e - 5"],
    ["an operator with and without a gap", "select a >= b", "select a > = b"],
    ["a cast and two colons", "select a::b", "select a: :b"],
    ["texts that go on over a line and texts that do not", "select 'a'\n'b'", "select 'a' 'b'"],
    ["a text that goes on and one text", "select 'a'\n'b'", "select 'ab'"],
    ["a doubled quote and two texts", "select 'a''b'", "select 'a'\n'b'"],
    ["an escape in a text that goes on", "select E'a'\n'\\'  -- b'", "select E'a'\n'\\' -- c'"],
    ["an escaped quote", "select e'\\' -- a'", "select e'\\' -- b'"],
    ["a backslash in a plain text", "select '\\' -- a", "select '\\\\'"],
    ["a quoted name and a name", 'select "a" from t', "select a from t"],
    ["a quoted name with a quote", 'select "a""b"', 'select "a" "b"'],
    ["a prefix with and without a gap", "select x'41'", "select x '41'"],
    ["an open text", "select 'a -- b", "select 'a -- c"],
    ["an open name", 'select "a -- b', 'select "a -- c'],
    ["an open comment", "select 1 /* a", "select 1"],
    ["an open comment inside a comment", "select 1 /* /* a */", "select 1"],
    ["an open dollar text", "select $x$ a -- b", "select $x$ a -- c"],
    ["dollar texts with other tags", "select $a$ $b$ -- x $a$", "select $a$ $b$ -- y $a$"],
    ["parameters", "select $1", "select $2"],
    ["the order of tokens", "select a, b", "select b, a"],
    ["a strange blank", "select a\u00a0b", "select a b"],
    ["a semicolon in the middle", "select 1; select 2", "select 1 select 2"],
  ])("%s", (_, one, other) => {
    expect(normalizeSql(one)).not.toBe(normalizeSql(other));
  });
});

const token = fc.oneof(
  fc.constantFrom(
    ..."select from where Total order_id t1 a$b = <> >= <= || -> ->> + - * / % ( ) [ ] , . :: := 1 42 1.5 .5 1e5 1_000".split(
      " ",
    ),
    '"a ""b"" -- c"',
    "E'it\\'s -- '",
    "$tag$ -- /* $tag$",
    "x'41'",
    "$1",
    "?",
  ),
  fc
    .string({ unit: fc.constantFrom("a", "'", " ", "-", "/", "*", "\n", "é") })
    .map((text) => `'${text.replaceAll("'", "''")}'`),
);
const gap = fc.constantFrom(" ", "\n", "\t ", " -- it's\n", " /* a */", " /* /* ' */ \" */ ", "\r\n", "\f");
const isText = (text: string): boolean => /^[^"]*'/.test(text);

// Two texts side by side are one where a line break is between them: no layout.
const statement = fc
  .array(fc.tuple(token, gap, gap), { minLength: 1, maxLength: 30 })
  .filter((parts) => parts.every(([text], index) => !(isText(text) && isText(parts[index - 1]?.[0] ?? ""))));

test("a statement means the same in whatever layout", () => {
  fc.assert(
    fc.property(statement, (parts) => {
      const one = parts.map(([text, first]) => text + first).join("");
      const other = parts.map(([text, , second]) => text + second).join("");
      expect(normalizeSql(other)).toBe(normalizeSql(one));
    }),
  );
});

test("changing one token changes the normal form", () => {
  fc.assert(
    fc.property(statement, token, fc.nat(), (parts, other, at) => {
      const tokens = parts.map(([text]) => text);
      const index = at % tokens.length;
      fc.pre(tokens[index] !== other && !isText(other) && !isText(tokens[index - 1] ?? ""));
      const changed = tokens.with(index, other);
      expect(normalizeSql(changed.join(" "))).not.toBe(normalizeSql(tokens.join(" ")));
    }),
  );
});

test("tokens hold everything but white space and comments", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii", maxLength: 60 }), (text) => {
      // Without what can begin a comment, only white space outside of texts may go.
      const plain = text.replaceAll(/[-/'"$\n]/g, "");
      expect(tokenizeSql(plain).join("").replaceAll(" ", "")).toBe(plain.replaceAll(/[ \t\r\f]/g, ""));
    }),
  );
});
