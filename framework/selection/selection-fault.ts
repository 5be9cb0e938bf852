import { nearest } from "../definition/nearest.ts";
import { type Place, plainValue } from "./selection.ts";
import { quoted } from "./shown-text.ts";

/** What is wrong with a selection, and where in its text. */
export interface SelectionFault {
  readonly reason: "asset-not-found" | "selection-invalid";
  /** One sentence that names the thing. */
  readonly message: string;
  /** Where it begins, in UTF-16 units from 0; the length of the text where something is missing at its end. */
  readonly offset: number;
  /** How much of the text it is about; 0 where something is missing. */
  readonly length: number;
  readonly hint?: string;
}

/** A fault in how a selection is written. */
export function invalid(message: string, place: Place, hint?: string): SelectionFault {
  return {
    reason: "selection-invalid",
    message,
    offset: place.offset,
    length: place.length,
    ...(hint !== undefined && { hint }),
  };
}

const mostListed = 10;

/** Names the one that was probably meant, or all there are (after `list`) if they are few; undefined where neither helps. */
export function didYouMean(typed: string, names: readonly string[], list: string): string | undefined {
  const near = nearest(typed, names);
  if (near.length > 0) return `did you mean ${near.map(shown).join(", ")}?`;
  if (names.length === 0 || names.length > mostListed) return undefined;
  return `${list} ${names.map(shown).join(", ")}`;
}

function shown(name: string): string {
  return plainValue.test(name) ? name : quoted(name);
}
