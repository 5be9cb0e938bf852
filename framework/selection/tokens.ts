import { err, ok, type Result } from "../definition/result.ts";
import type { Place } from "./selection.ts";
import { invalid, type SelectionFault } from "./selection-fault.ts";

/** A piece of a selection's text. Whether two pieces touch is told by their places. */
export type Token = Place &
  (
    | { readonly type: "+" | "@" | "," | "(" | ")" }
    /** `orders`, `tag:core`, `owner:"data team"`; also words of the language, which the parser tells apart. */
    | { readonly type: "word"; readonly method: string | undefined; readonly value: string }
  );

export type Word = Extract<Token, { readonly type: "word" }>;

const plainRun = /[^\s,()+":]*/y;
const valueRun = /[^\s,()+"]*/y;
const quotedRun = /"((?:[^"\\]|\\.)*)"/sy;

/** Cuts a selection's text into tokens. */
export function tokenize(text: string): Result<readonly Token[], SelectionFault> {
  const tokens: Token[] = [];
  for (let offset = 0; offset < text.length; ) {
    const character = text.charAt(offset);
    if (/\s/.test(character)) {
      offset++;
    } else if (isMark(character)) {
      tokens.push({ type: character, offset, length: 1 });
      offset++;
    } else {
      const word = readWord(text, offset);
      if (!word.ok) return word;
      tokens.push(word.value);
      offset += word.value.length;
    }
  }
  return ok(tokens);
}

function isMark(character: string): character is "+" | "@" | "," | "(" | ")" {
  return "+@,()".includes(character);
}

function readWord(text: string, offset: number): Result<Word, SelectionFault> {
  const before = readRun(plainRun, text, offset);
  let end = offset + before.length;
  if (text.charAt(end) === '"') return err(strayQuote(end));
  if (text.charAt(end) !== ":") {
    return ok({ type: "word", method: undefined, value: before, offset, length: end - offset });
  }
  end++;
  if (text.charAt(end) !== '"') {
    const value = readRun(valueRun, text, end);
    end += value.length;
    if (text.charAt(end) === '"') return err(strayQuote(end));
    return ok({ type: "word", method: before, value, offset, length: end - offset });
  }
  quotedRun.lastIndex = end;
  const quoted = quotedRun.exec(text);
  if (quoted === null) {
    return err(
      invalid(
        "the quote is not closed",
        { offset: end, length: 1 },
        'a value ends with ": owner:"data team"',
      ),
    );
  }
  end += quoted[0].length;
  const after = readRun(valueRun, text, end);
  if (after !== "" || text.charAt(end) === '"') {
    return err(
      invalid(
        "text follows the closing quote",
        { offset: end, length: Math.max(1, after.length) },
        'put the whole value into the quotes: owner:"data team"',
      ),
    );
  }
  const value = (quoted[1] ?? "").replaceAll(/\\(.)/gs, "$1");
  return ok({ type: "word", method: before, value, offset, length: end - offset });
}

function readRun(run: RegExp, text: string, offset: number): string {
  run.lastIndex = offset;
  return run.exec(text)?.[0] ?? "";
}

function strayQuote(offset: number): SelectionFault {
  return invalid(
    "a quote stands where no value begins",
    { offset, length: 1 },
    'quotes go around a value, after the colon: owner:"data team"',
  );
}
