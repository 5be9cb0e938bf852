/**
 * The normal form of a SQL statement: equal for two texts that differ in white space, comments, the case of reserved
 * words or a semicolon at the end, different for all others. Made for the lexical rules that DuckDB shares with
 * PostgreSQL.
 *
 * When in doubt it keeps what is there: two layouts of one statement may then differ, but never can two statements that
 * mean different things be equal.
 */
export function normalizeSql(statement: string): string {
  // DuckDB takes white space beyond ASCII for a blank, outside of strings only; too rare to be read as it reads it.
  if (strangeSpace.test(statement)) return `text ${JSON.stringify(statement)}`;
  const tokens = tokenizeSql(statement);
  while (tokens.at(-1) === ";") tokens.pop();
  return `sql ${JSON.stringify(tokens.map((token, index) => fold(tokens, token, index)))}`;
}

const strangeSpace = /[\u0085\u00a0\u1680\u180e\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/;

const blank = /[ \t\n\r\f]+/y;
const lineComment = /--[^\n\r]*/y;
const word = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const number =
  /0[xXoObB][0-9a-fA-F_]+|(?:[0-9](?:_?[0-9])*(?:\.(?!\.)(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y;
const plainString = /(?:[bBxXnN]|[uU]&)?'[^']*(?:''[^']*)*(?:'|$)/y;
const escapeString = /[eE]'[^'\\]*(?:(?:''|\\[\s\S]|\\$)[^'\\]*)*(?:'|$)/y;
const escapeRest = /'[^'\\]*(?:(?:''|\\[\s\S]|\\$)[^'\\]*)*(?:'|$)/y;
const quotedName = /(?:[uU]&)?"[^"]*(?:""[^"]*)*(?:"|$)/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const operator = /[~!@#^&|`?+\-*/%<>=]+/y;
const operatorCharacter = /[~!@#^&|`?+\-*/%<>=]/;
const punctuation = /::|:=|\.\.+|[\s\S]/y;

/**
 * The tokens of a statement, each as it stands there; white space and comments left out. Behind an
 * operator that touches another or a comment stands a blank.
 */
export function tokenizeSql(statement: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(statement)?.[0];
    if (found === undefined || found === "") return undefined;
    at += found.length;
    return found;
  };
  while (at < statement.length) {
    const gap = at;
    if (take(blank) !== undefined || take(lineComment) !== undefined) continue;
    if (statement.startsWith("/*", at)) {
      const end = blockCommentEnd(statement, at);
      // A comment without an end is an error, and must not be taken for the statement before it.
      if (end === undefined) tokens.push(statement.slice(at));
      at = end ?? statement.length;
      continue;
    }
    const string = take(escapeString);
    if (string !== undefined) {
      tokens.push(continued(string, escapeRest));
      continue;
    }
    const plain = take(plainString);
    if (plain !== undefined) {
      tokens.push(continued(plain, plainString));
      continue;
    }
    const tag = take(dollarTag);
    if (tag !== undefined) {
      const end = statement.indexOf(tag, at);
      at = end < 0 ? statement.length : end + tag.length;
      tokens.push(statement.slice(gap, at));
      continue;
    }
    tokens.push(
      take(quotedName) ?? take(word) ?? take(number) ?? takeOperator() ?? take(punctuation) ?? impossible(),
    );
  }
  return tokens;

  // Strings with a line break between them are one string, and a blank in its place is an error: the break is kept.
  function continued(first: string, rest: RegExp): string {
    let whole = first;
    for (;;) {
      const before = at;
      while (take(blank) !== undefined || take(lineComment) !== undefined);
      const next =
        /[\n\r]/.test(statement.slice(before, at)) && statement[at] === "'" ? take(rest) : undefined;
      if (next === undefined) {
        at = before;
        return whole;
      }
      whole += `\n${next}`;
    }
  }

  // As many operator characters as there are up to a comment; a sign at the end is an operator of its own, unless the
  // run has a character that no standard operator has.
  function takeOperator(): string | undefined {
    const start = at;
    const run = take(operator);
    if (run === undefined) return undefined;
    const comment = /--|\/\*/.exec(run);
    let text = comment ? run.slice(0, comment.index) : run;
    if (!/[~!@#^&|`?%]/.test(text)) {
      while (text.length > 1 && /[+-]$/.test(text)) text = text.slice(0, -1);
    }
    at = start + text.length;
    // Against a comment or a cut-off sign DuckDB may take an operator for one that it does not know, which binds otherwise:
    // `7 // 2 + 1` is 4, `7 //-- c` with `2 + 1` on the next line is 2. A blank marks it, which no operator holds.
    return operatorCharacter.test(statement.slice(at, at + 1)) ? `${text} ` : text;
  }
}

function impossible(): never {
  throw new Error("Internal error: a character of a statement belongs to no token");
}

/** The end of a comment that may hold others; undefined where it is not closed. */
function blockCommentEnd(statement: string, start: number): number | undefined {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(statement); found; found = mark.exec(statement)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return undefined;
}

// Words that can name no column unless `as` or `.` stands before them or `:=` behind: only their case may go, since other
// words give their case to columns. The list is fixed here, so that no upgrade of an engine moves it.
const foldable = new Set(
  (
    "all and any array as asc asof anti both case cast collate cross default desc describe distinct else end except " +
    "false fetch for from full group having ilike in inner intersect into is isnull join lateral leading left like " +
    "limit natural not notnull null offset on only or order outer positional qualify right select semi some " +
    "symmetric table then to trailing true union unique using when where window with"
  ).split(" "),
);

function fold(tokens: readonly string[], token: string, index: number): string {
  const lower = token.toLowerCase();
  const before = tokens[index - 1]?.toLowerCase();
  if (lower === "by") return before === "group" || before === "order" ? lower : token;
  if (!foldable.has(lower) || before === "as" || before === ".") return token;
  const after = tokens[index + 1];
  return after === ":" || after === ":=" || after === "=>" ? token : lower;
}
