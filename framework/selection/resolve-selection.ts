import type { AssetKey } from "../definition/asset-key.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { indexEdges } from "../graph/edge-index.ts";
import { SelectionEvaluator, type StateOf } from "./evaluate-selection.ts";
import { type Selection, termsOf } from "./selection.ts";
import type { SelectionFault } from "./selection-fault.ts";
import { type ChangedSince, TermMatcher } from "./term-matcher.ts";

export interface ResolvedSelection {
  /** In the graph's topological order. */
  readonly keys: readonly AssetKey[];
  /**
   * Why there is no key: "state" where other states of the assets (or another difference in git) could leave some, so
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
  const resolver = new SelectionResolver(graph, stateOf, changedSince);
  const faults = resolver.findFaults(selection);
  return faults.length > 0 ? err(faults) : ok(resolver.resolve(selection));
}

/** Resolves several selections over one graph: looks up no name and asks for no state twice. */
export class SelectionResolver {
  readonly #graph: AssetGraph;
  readonly #matcher: TermMatcher;
  readonly #evaluator: SelectionEvaluator;

  constructor(graph: AssetGraph, stateOf: StateOf, changedSince?: ChangedSince) {
    const index = indexEdges(graph);
    this.#graph = graph;
    this.#matcher = new TermMatcher(graph, index, changedSince);
    this.#evaluator = new SelectionEvaluator(index, this.#matcher, stateOf);
  }

  /** Everything in a selection that means nothing, in the order of its text. */
  findFaults(selection: Selection): readonly SelectionFault[] {
    return this.#matcher.findFaults(selection);
  }

  /** The assets that a selection without faults means. */
  resolve(selection: Selection): ResolvedSelection {
    const found = this.#evaluator.evaluate(selection, "exact");
    const keys = this.#graph.order.filter((_key, number) => found[number] === 1);
    if (keys.length > 0) return { keys, emptiedBy: undefined };
    const canDiffer = termsOf(selection).some((term) => term.type !== "match");
    const couldHave = canDiffer && this.#evaluator.evaluate(selection, "most").includes(1);
    return { keys, emptiedBy: couldHave ? "state" : "selection" };
  }
}
