import type { Place } from "./selection.ts";
import { invalid, type SelectionFault } from "./selection-fault.ts";
import type { Token, Word } from "./tokens.ts";

/** How deep parentheses, functions and `not` may nest. */
const deepestNesting = 200;

/** Walks over tokens and keeps the first fault: a reader that gives undefined has left one here. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  #next = 0;
  #nesting = 0;
  #fault: SelectionFault | undefined;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get fault(): SelectionFault | undefined {
    return this.#fault;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#next + ahead];
  }

  take(count = 1): void {
    this.#next += count;
  }

  /** Takes the next token if it is of this type and nothing is between it and the one before. */
  takeTouching(type: Token["type"]): Token | undefined {
    const before = this.#tokens[this.#next - 1];
    const token = this.peek();
    if (before === undefined || token?.type !== type || !touch(before, token)) return undefined;
    this.#next++;
    return token;
  }

  /** Reads something one level deeper, so that no text can overflow the stack. */
  nest<T>(place: Place, read: () => T | undefined): T | undefined {
    if (this.#nesting >= deepestNesting) {
      return this.fail(
        `the selection is nested more than ${deepestNesting} deep`,
        place,
        "take parentheses away",
      );
    }
    this.#nesting++;
    const found = read();
    this.#nesting--;
    return found;
  }

  fail(message: string, place: Place, hint?: string): undefined {
    this.#fault ??= invalid(message, place, hint);
    return undefined;
  }

  failWith(fault: SelectionFault): undefined {
    this.#fault ??= fault;
    return undefined;
  }
}

/** Whether nothing stands between two places. */
export function touch(left: Place, right: Place): boolean {
  return left.offset + left.length === right.offset;
}

/** Whether a token is one of these words of the language. */
export function isWord(token: Token | undefined, ...words: readonly string[]): token is Word {
  return token?.type === "word" && token.method === undefined && words.includes(token.value);
}
