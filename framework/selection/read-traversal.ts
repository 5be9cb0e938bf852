import type { Depth } from "./selection.ts";
import { quoted } from "./shown-text.ts";
import { type TokenCursor, touch } from "./token-cursor.ts";
import type { Token, Word } from "./tokens.ts";

const deepest = 1_000_000;

/** Reads `+` or `2+` before an operand; 0 where there is none. */
export function readUpstream(cursor: TokenCursor): Depth | undefined {
  const first = cursor.peek();
  const count = countIn(first);
  const plus = count === undefined ? first : cursor.peek(1);
  if (plus?.type !== "+" || (count !== undefined && !touch(count, plus))) return 0;
  cursor.take(count === undefined ? 1 : 2);
  if (!standsBeforeOperand(cursor, plus)) return undefined;
  return count === undefined ? "all" : depthOf(cursor, count);
}

/** Reads `@` before an operand. */
export function readAt(cursor: TokenCursor): boolean | undefined {
  const at = cursor.peek();
  if (at?.type !== "@") return false;
  cursor.take();
  return standsBeforeOperand(cursor, at) || undefined;
}

/** Reads `+` or `+2` after an operand; 0 where there is none. */
export function readDownstream(cursor: TokenCursor): Depth | undefined {
  const plus = cursor.takeTouching("+");
  if (plus === undefined) return 0;
  const after = cursor.peek();
  if (after === undefined || !touch(plus, after) || after.type === "," || after.type === ")") return "all";
  const count = countIn(after);
  if (count !== undefined) {
    cursor.take();
    const extra = cursor.takeTouching("+");
    return extra === undefined ? depthOf(cursor, count) : failOnOperator(cursor, extra);
  }
  if (after.type === "+" || after.type === "@") return failOnOperator(cursor, after);
  if (after.type === "word" && after.method === undefined && /^\d/.test(after.value)) {
    return cursor.fail(
      `${quoted(after.value)} is not a number of steps`,
      after,
      "write x+1, or put a space after x+",
    );
  }
  return cursor.fail(
    '"+" stands between two names',
    plus,
    "put a space on one side: x+ y follows what is made from x, x +y what y is made from",
  );
}

/** An operator where a name should be. */
export function failOnOperator(cursor: TokenCursor, operator: Token): undefined {
  const hint = "one + on each side, or one @ in front; parentheses allow more: (x+1)+";
  return cursor.fail(`"${operator.type}" follows another operator`, operator, hint);
}

function standsBeforeOperand(cursor: TokenCursor, operator: Token): boolean {
  const after = cursor.peek();
  if (after === undefined || !touch(operator, after) || after.type === "," || after.type === ")") {
    const hint =
      operator.type === "@"
        ? "@orders is orders, all that is made from it, and all that those are made from"
        : "+orders has all that orders is made from, orders+ all that is made from it";
    cursor.fail(`"${operator.type}" touches no name`, operator, hint);
    return false;
  }
  if (after.type !== "+" && after.type !== "@") return true;
  failOnOperator(cursor, after);
  return false;
}

function countIn(token: Token | undefined): Word | undefined {
  return token?.type === "word" && token.method === undefined && /^\d+$/.test(token.value)
    ? token
    : undefined;
}

function depthOf(cursor: TokenCursor, count: Word): Depth | undefined {
  const depth = Number(count.value);
  if (depth <= deepest) return depth;
  return cursor.fail(
    `${quoted(count.value)} is more steps than ${deepest}`,
    count,
    "without a number, + follows all of them",
  );
}
