import { assetStates } from "../definition/asset-state.ts";
import { err, ok, type Result } from "../definition/result.ts";
import type { AssetKind } from "../graph/asset-spec.ts";
import { type MatchMethod, methods, type Place, type Selection } from "./selection.ts";
import { didYouMean, invalid, type SelectionFault } from "./selection-fault.ts";
import { quoted } from "./shown-text.ts";
import type { Word } from "./tokens.ts";
import { hasWildcard, wildcardMatcher } from "./wildcard.ts";

// A record, so that a kind added to the type cannot be forgotten here.
const kindNames: Readonly<Record<AssetKind, true>> = {
  copy: true,
  sql: true,
  function: true,
  load: true,
  effect: true,
  "dbt-model": true,
  "dbt-seed": true,
  "dbt-snapshot": true,
};
const kinds: readonly string[] = Object.keys(kindNames);

const otherOperators: ReadonlyMap<string, string> = new Map([
  ["AND", "and"],
  ["OR", "or"],
  ["NOT", "not"],
  ["&", "and"],
  ["&&", "and"],
  ["|", "or"],
  ["||", "or"],
  ["!", "not"],
  ["-", "not"],
]);

/** The meaning of one word: `orders`, `tag:core`, `state:stale`. */
export function readTerm(word: Word): Result<Selection, SelectionFault> {
  const at: Place = { offset: word.offset, length: word.length };
  const { method, value } = word;
  if (method === undefined) {
    const operator = otherOperators.get(value);
    if (operator !== undefined) {
      return err(invalid(`"${value}" is no operator`, at, `write ${operator}`));
    }
    if (/^[!-]/.test(value)) {
      return err(invalid(`${quoted(value)} is not an asset key`, at, "write not x"));
    }
    return ok({ type: "match", method: "key", value, at });
  }
  if (method === "") return err(invalid("a method is missing before the colon", at, "for example tag:core"));
  const known = methods.find((name) => name === method);
  if (known === undefined) {
    const hint = didYouMean(method, methods, "methods are");
    return err(invalid(`there is no method ${quoted(method)}`, { ...at, length: method.length }, hint));
  }
  if (value === "") return err(invalid(`${known}: needs a value`, at, `for example ${example[known]}`));
  switch (known) {
    case "state":
      return readState(value, at);
    case "git":
      return ok({ type: "git", range: value, at });
    case "kind":
      return readKind(value, at);
    default:
      return ok({ type: "match", method: known, value, at });
  }
}

const example: Readonly<Record<MatchMethod | "state" | "git", string>> = {
  key: "key:orders",
  tag: "tag:core",
  group: "group:batch",
  kind: "kind:sql",
  state: "state:stale",
  path: "path:assets/insights",
  owner: "owner:data-team",
  git: "git:main...HEAD",
};

function readState(value: string, at: Place): Result<Selection, SelectionFault> {
  const state = assetStates.find((name) => name === value);
  if (state !== undefined) return ok({ type: "state", state, at });
  return err(invalid(`there is no state ${quoted(value)}`, at, `states are ${assetStates.join(", ")}`));
}

function readKind(value: string, at: Place): Result<Selection, SelectionFault> {
  if (kinds.some(wildcardMatcher(value))) return ok({ type: "match", method: "kind", value, at });
  const message = hasWildcard(value)
    ? `no kind matches ${quoted(value)}`
    : `there is no kind ${quoted(value)}`;
  return err(invalid(message, at, `kinds are ${kinds.join(", ")}`));
}
