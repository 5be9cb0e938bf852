import type { AssetKey } from "../definition/asset-key.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { AssetGraph } from "../graph/asset-graph.ts";
import { valuesOf } from "./asset-values.ts";
import { explainNoMatch } from "./explain-no-match.ts";
import { type MatchMethod, type MatchTerm, type Selection, type Term, termsOf } from "./selection.ts";
import { invalid, type SelectionFault } from "./selection-fault.ts";
import { quoted } from "./shown-text.ts";
import { hasWildcard, wildcardMatcher } from "./wildcard.ts";

/**
 * The assets whose files (or whose definitions) differ from a range of the version control, such as `main...HEAD`;
 * undefined where there is no such range.
 */
export type ChangedSince = (range: string) => ReadonlySet<AssetKey> | undefined;

/** The assets that each term means; terms about states are not among them. */
export type TermMeanings = ReadonlyMap<Term, ReadonlySet<AssetKey>>;

/** Looks up every term of a selection in the graph, or says of all those that mean nothing that they do. */
export function matchTerms(
  selection: Selection,
  graph: AssetGraph,
  changedSince?: ChangedSince,
): Result<TermMeanings, readonly SelectionFault[]> {
  const meanings = new Map<Term, ReadonlySet<AssetKey>>();
  const known = new Map<string, ReadonlySet<AssetKey>>();
  const missing: MatchTerm[] = [];
  const faults: SelectionFault[] = [];
  for (const term of termsOf(selection)) {
    if (term.type === "match") {
      const name = `${term.method}:${term.value}`;
      const keys = known.get(name) ?? keysMatching(graph, term.method, term.value);
      known.set(name, keys);
      meanings.set(term, keys);
      if (keys.size === 0) missing.push(term);
    } else if (term.type === "git") {
      const place = term.at ?? { offset: 0, length: 0 };
      const keys = changedSince?.(term.range);
      if (keys !== undefined) meanings.set(term, keys);
      else if (changedSince === undefined) faults.push(invalid("git: is not available here", place));
      else {
        const hint = "name a branch, a tag or a commit, as in git:main...HEAD";
        faults.push(invalid(`git knows no ${quoted(term.range)}`, place, hint));
      }
    }
  }
  faults.push(...explainNoMatch(missing, graph));
  if (faults.length > 0) return err(faults.sort((a, b) => a.offset - b.offset));
  return ok(meanings);
}

function keysMatching(graph: AssetGraph, method: MatchMethod, value: string): ReadonlySet<AssetKey> {
  if (method === "key" && !hasWildcard(value)) {
    const key = value as AssetKey;
    return new Set(graph.assets.has(key) ? [key] : []);
  }
  const matches = method === "path" ? pathMatcher(value) : wildcardMatcher(value);
  const keys = new Set<AssetKey>();
  for (const [key, spec] of graph.assets) {
    if (valuesOf(spec, method).some(matches)) keys.add(key);
  }
  return keys;
}

/** A file, or a folder with all that is in it, unless the last segment has a wildcard: `assets/*` is no deeper files. */
function pathMatcher(value: string): (file: string) => boolean {
  const path = value.replace(/^\.\//, "");
  const folder = path.replace(/\/+$/, "");
  const inFolder = wildcardMatcher(`${folder}/**`);
  if (folder !== path) return inFolder;
  const isFile = wildcardMatcher(path);
  if (hasWildcard(path.slice(path.lastIndexOf("/") + 1))) return isFile;
  return (file) => isFile(file) || inFolder(file);
}
