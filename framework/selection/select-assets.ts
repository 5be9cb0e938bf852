import type { AssetKey } from "../definition/asset-key.ts";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import type { StateOf } from "./evaluate-selection.ts";
import { parseSelection } from "./parse-selection.ts";
import { printSelection } from "./print-selection.ts";
import { SelectionResolver } from "./resolve-selection.ts";
import { intersection, needsState, type Selection, union } from "./selection.ts";
import { emptySelectionFailure, type PlacedFault, selectionFailure } from "./selection-failure.ts";
import type { ChangedSince } from "./term-matcher.ts";

/** What was asked for: a union of selections (none for everything), less a union of others. */
export interface SelectionRequest {
  readonly select: readonly string[];
  readonly exclude: readonly string[];
}

/** What a selection may ask about assets beyond the graph. Each is called only if it does. */
export interface SelectionContext {
  readonly stateOf: StateOf;
  /** Without it `git:` is a fault. */
  readonly changedSince?: ChangedSince;
}

export interface SelectedAssets {
  /** In the graph's topological order. None where states or git leave nothing to do. */
  readonly keys: readonly AssetKey[];
  /** The selection in one text: as it was typed where there is one, "" for everything. */
  readonly text: string;
}

const everything: Selection = { type: "match", method: "key", value: "**" };

/**
 * Finds the assets that a command line or an API call asks for.
 *
 * Fails with "asset-not-found", "selection-invalid" or "selection-empty"; all faults of all texts are in one failure.
 * A selection that only states or git leave empty is no failure: it has no keys.
 */
export function selectAssets(
  request: SelectionRequest,
  graph: AssetGraph,
  context: SelectionContext,
): Result<SelectedAssets, Failure> {
  if (request.select.length === 0 && request.exclude.length === 0) return ok({ keys: graph.order, text: "" });
  const resolver = new SelectionResolver(graph, context.stateOf, context.changedSince);
  const faults: PlacedFault[] = [];
  const read = (option: PlacedFault["option"], texts: readonly string[]): readonly Selection[] =>
    texts.flatMap((text) => {
      const parsed = parseSelection(text);
      const found = parsed.ok ? resolver.findFaults(parsed.value) : [parsed.error];
      faults.push(...found.map((fault) => ({ option, text, fault })));
      return parsed.ok ? [parsed.value] : [];
    });
  const selected = read("--select", request.select);
  const excluded = read("--exclude", request.exclude);
  if (faults.length > 0) return err(selectionFailure(faults));

  const wanted = selected.length === 0 ? everything : union(selected);
  const selection =
    excluded.length === 0 ? wanted : intersection([wanted, { type: "not", of: union(excluded) }]);
  const { keys, emptiedBy } = resolver.resolve(selection);
  const text = textOf(request, selection);
  if (emptiedBy !== "selection") return ok({ keys, text });
  return err(emptySelectionFailure(text, excluded.length === 0 ? undefined : resolver.resolve(wanted)));
}

/** Whether `selectAssets` will ask for states, so that the caller can spare itself from working them out. */
export function requestNeedsState(request: SelectionRequest): boolean {
  return [...request.select, ...request.exclude].some((text) => {
    const parsed = parseSelection(text);
    return parsed.ok && needsState(parsed.value);
  });
}

function textOf({ select, exclude }: SelectionRequest, selection: Selection): string {
  const [only, ...others] = select;
  const isOne = only !== undefined && others.length === 0 && exclude.length === 0;
  return isOne && !/\p{Cc}/u.test(only.trim()) ? only.trim() : printSelection(selection);
}
