import type { AssetKey } from "../definition/asset-key.ts";
import { ok, type Result } from "../definition/result.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { SelectionEvaluator, type StateOf } from "./evaluate-selection.ts";
import { type ChangedSince, matchTerms, type TermMeanings } from "./match-terms.ts";
import { type Selection, termsOf } from "./selection.ts";
import type { SelectionFault } from "./selection-fault.ts";

export interface ResolvedSelection {
  /** In the graph's topological order. */
  readonly keys: readonly AssetKey[];
  /**
   * Why there is no key: "state" where other states of the assets (or another difference in git) would leave some, so
   * that there is nothing to do; "selection" where nothing could ever be left, so that it is a mistake.
   */
  readonly emptiedBy: "state" | "selection" | undefined;
}

/**
 * Finds the assets that a selection means, or everything in it that means nothing.
 *
 * `stateOf` is called only if there is a `state:` in it, and `changedSince` only if there is a `git:`, which is a fault
 * without it.
 */
export function resolveSelection(
  selection: Selection,
  graph: AssetGraph,
  stateOf: StateOf,
  changedSince?: ChangedSince,
): Result<ResolvedSelection, readonly SelectionFault[]> {
  const meanings = matchTerms(selection, graph, changedSince);
  return meanings.ok ? ok(resolveTerms(selection, graph, meanings.value, stateOf)) : meanings;
}

/** The same for a selection whose terms have been looked up. */
export function resolveTerms(
  selection: Selection,
  graph: AssetGraph,
  meanings: TermMeanings,
  stateOf: StateOf,
): ResolvedSelection {
  const evaluator = new SelectionEvaluator(graph, meanings, stateOf);
  const found = evaluator.evaluate(selection, "exact");
  const keys = graph.order.filter((key) => found.has(key));
  if (keys.length > 0) return { keys, emptiedBy: undefined };
  const canDiffer = termsOf(selection).some((term) => term.type !== "match");
  const couldHave = canDiffer && evaluator.evaluate(selection, "most").size > 0;
  return { keys, emptiedBy: couldHave ? "state" : "selection" };
}
