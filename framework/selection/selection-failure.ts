import type { Failure } from "../definition/failure.ts";
import type { ResolvedSelection } from "./resolve-selection.ts";
import type { SelectionFault } from "./selection-fault.ts";
import { lineAndColumn, showPlace } from "./show-place.ts";

/** A fault with the text it is in. */
export interface PlacedFault {
  readonly option: "--select" | "--exclude";
  readonly text: string;
  readonly fault: SelectionFault;
}

const mostShown = 10;

/** Faults as one failure: each with the line it is in, carets under the place, and the place in words. */
export function selectionFailure(faults: readonly PlacedFault[]): Failure {
  const [first, ...others] = faults;
  if (first === undefined) throw new Error("Internal error: a selection failed without a fault");
  const isMissingAsset = faults.every(({ fault }) => fault.reason === "asset-not-found");
  const reason = isMissingAsset ? "asset-not-found" : "selection-invalid";
  const listing = isMissingAsset ? "assets list shows all" : undefined;
  if (others.length === 0) {
    const hints = [first.fault.hint, listing].filter((hint) => hint !== undefined);
    return {
      reason,
      message: first.fault.message,
      detail: excerpt(first),
      ...(hints.length > 0 && { hint: hints.join("    ") }),
    };
  }
  const shown = faults.slice(0, mostShown);
  const hidden = faults.length - shown.length;
  return {
    reason,
    message: `${faults.length} faults in the selection`,
    detail: [
      ...shown.flatMap((placed) => [
        placed.fault.message,
        ...excerpt(placed).map(indent),
        ...(placed.fault.hint === undefined ? [] : [indent(placed.fault.hint)]),
      ]),
      ...(hidden > 0 ? [`and ${hidden} more`] : []),
    ],
    ...(listing !== undefined && { hint: listing }),
  };
}

/** Nothing can be in a selection, whatever the states of assets; `wanted` is what it was before `--exclude`, if there is one. */
export function emptySelectionFailure(text: string, wanted: ResolvedSelection | undefined): Failure {
  return {
    reason: "selection-empty",
    message: "the selection is empty",
    detail: [showPlace(text, { offset: 0, length: 0 })[0]],
    hint:
      wanted === undefined || wanted.emptiedBy === "selection"
        ? "a comma and `and` keep what is in both sides; a space and `or` join them"
        : `--exclude takes away ${amount(wanted.keys.length)} that --select gives`,
  };
}

function amount(assets: number): string {
  if (assets === 0) return "all";
  return assets === 1 ? "the one asset" : `all ${assets} assets`;
}

function excerpt({ option, text, fault }: PlacedFault): readonly string[] {
  if (text.trim() === "") return [`${option} ""`];
  const [line, carets] = showPlace(text, fault);
  return [line, `${carets}  ${option} ${lineAndColumn(text, fault.offset)}`];
}

function indent(line: string): string {
  return `  ${line}`;
}
