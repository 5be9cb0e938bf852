import { err, ok, type Result } from "../definition/result.ts";
import { readTerm } from "./read-term.ts";
import { failOnOperator, readAt, readDownstream, readUpstream } from "./read-traversal.ts";
import { intersection, reservedWords, type Selection, union } from "./selection.ts";
import { didYouMean, invalid, type SelectionFault } from "./selection-fault.ts";
import { quoted } from "./shown-text.ts";
import { isWord, TokenCursor, touch } from "./token-cursor.ts";
import { type Token, tokenize, type Word } from "./tokens.ts";

/** The longest text that is read: as much as a command line can hold, and little enough to be read at once. */
const longestText = 100_000;

const functions: readonly string[] = ["roots", "sinks"];

/**
 * Reads a selection, or says what is wrong first and where. Nothing is known yet of any graph: whether its names exist
 * is found by `resolveSelection`.
 *
 * Binding, the strongest first: traversal (`+x`, `x+1`, `@x`), `not`, intersection (`,` or `and`), union (a space or
 * `or`).
 *
 * @example
 * parseSelection("+daily_revenue and not tag:core");
 */
export function parseSelection(text: string): Result<Selection, SelectionFault> {
  if (text.length > longestText) {
    return err(
      invalid(
        `the selection is ${text.length} characters long`,
        { offset: longestText, length: 0 },
        `${longestText} are the most; give the assets a tag, or use wildcards`,
      ),
    );
  }
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  if (tokens.value.length === 0) {
    return err(
      invalid(
        "the selection is empty",
        { offset: 0, length: 0 },
        "name assets, like orders+ or tag:core; ** is all of them",
      ),
    );
  }
  const cursor = new TokenCursor(tokens.value);
  const selection = readUnion(cursor);
  const rest = cursor.peek();
  if (rest !== undefined) closesNothing(cursor, rest);
  if (selection !== undefined && cursor.fault === undefined) return ok(selection);
  if (cursor.fault === undefined) throw new Error("Internal error: a selection without a fault or a meaning");
  return err(cursor.fault);
}

// Each reader gives undefined once the cursor holds a fault.

function readUnion(cursor: TokenCursor): Selection | undefined {
  const parts: Selection[] = [];
  do {
    const operator = cursor.peek();
    if (parts.length > 0 && isWord(operator, "or")) {
      cursor.take();
      if (!hasOperand(cursor, operator)) return undefined;
    }
    const part = readIntersection(cursor);
    if (part === undefined) return undefined;
    parts.push(part);
  } while (cursor.peek() !== undefined && cursor.peek()?.type !== ")");
  return union(parts);
}

function readIntersection(cursor: TokenCursor): Selection | undefined {
  const parts: Selection[] = [];
  for (;;) {
    const part = readComplement(cursor);
    if (part === undefined) return undefined;
    parts.push(part);
    const operator = cursor.peek();
    if (operator === undefined || (operator.type !== "," && !isWord(operator, "and"))) break;
    cursor.take();
    if (!hasOperand(cursor, operator)) return undefined;
  }
  return intersection(parts);
}

function readComplement(cursor: TokenCursor): Selection | undefined {
  const not = cursor.peek();
  if (!isWord(not, "not")) return readTraversal(cursor);
  cursor.take();
  if (!hasOperand(cursor, not)) return undefined;
  const of = cursor.nest(not, () => readComplement(cursor));
  return of && { type: "not", of };
}

function readTraversal(cursor: TokenCursor): Selection | undefined {
  const at = readAt(cursor);
  if (at === undefined) return undefined;
  const upstream = at ? 0 : readUpstream(cursor);
  if (upstream === undefined) return undefined;
  const of = readOperand(cursor);
  if (of === undefined) return undefined;
  if (at) {
    const plus = cursor.takeTouching("+");
    return plus === undefined ? { type: "at", of } : failOnOperator(cursor, plus);
  }
  const downstream = readDownstream(cursor);
  if (downstream === undefined) return undefined;
  // 0+x says no more than x.
  return upstream === 0 && downstream === 0 ? of : { type: "traverse", of, upstream, downstream };
}

/** A term, a function or a group. */
function readOperand(cursor: TokenCursor): Selection | undefined {
  const token = cursor.peek();
  if (token === undefined) throw new Error("Internal error: an operator without an operand went unnoticed");
  switch (token.type) {
    case "(":
      cursor.take();
      return readGroup(cursor, token);
    case "word":
      cursor.take();
      return readWord(cursor, token);
    case ",":
      return cursor.fail('"," has nothing on its left', token, hintOn(","));
    case ")":
      return closesNothing(cursor, token);
    default:
      return failOnOperator(cursor, token);
  }
}

function readWord(cursor: TokenCursor, word: Word): Selection | undefined {
  const open = cursor.peek();
  const name = word.method === undefined ? word.value : undefined;
  if (name === "roots" || name === "sinks") {
    if (open === undefined || open.type !== "(") {
      return cursor.fail(`"${name}" needs parentheses`, word, `write ${name}(…); ${hintOn(name)}`);
    }
    cursor.take();
    const of = readGroup(cursor, open);
    return of && { type: name, of };
  }
  if (name === "not") return cursor.fail('"not" follows an operator', word, "write +(not x)");
  if (name !== undefined && reservedWords.includes(name)) {
    return cursor.fail(`"${name}" has nothing on its left`, word, hintOn(name));
  }
  if (open?.type === "(" && touch(word, open)) {
    return name === undefined
      ? cursor.fail('"(" touches a value', open, "put a space before it, or quotes around the value")
      : cursor.fail(
          `there is no function ${quoted(name)}`,
          word,
          didYouMean(name, functions, "functions are"),
        );
  }
  const term = readTerm(word);
  return term.ok ? term.value : cursor.failWith(term.error);
}

/** What is between parentheses, the first of which has been taken. */
function readGroup(cursor: TokenCursor, open: Token): Selection | undefined {
  const first = cursor.peek();
  if (first?.type === ")") {
    const length = first.offset + first.length - open.offset;
    return cursor.fail("the parentheses hold nothing", { offset: open.offset, length });
  }
  const of = first && cursor.nest(open, () => readUnion(cursor));
  if (first !== undefined && of === undefined) return undefined;
  if (cursor.peek() === undefined) return cursor.fail('"(" is not closed', open, "add its )");
  cursor.take();
  return of;
}

function hasOperand(cursor: TokenCursor, operator: Token): boolean {
  const after = cursor.peek();
  if (after !== undefined && after.type !== ")" && after.type !== "," && !isWord(after, "or", "and"))
    return true;
  const name = operator.type === "word" ? operator.value : operator.type;
  cursor.fail(
    `"${name}" has nothing ${name === "not" ? "after it" : "on its right"}`,
    operator,
    hintOn(name),
  );
  return false;
}

function hintOn(operator: string): string {
  if (operator === ",") return "a comma keeps what is in both its sides; a space joins them";
  return `an asset of that name is written key:${operator}`;
}

function closesNothing(cursor: TokenCursor, close: Token): undefined {
  return cursor.fail('")" closes nothing', close, "take it away, or add the ( it belongs to");
}
