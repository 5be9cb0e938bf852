import { type Depth, plainValue, reservedWords, type Selection } from "./selection.ts";

/** How strongly each form binds; what is inside a stronger one needs parentheses. */
const binding = {
  or: 0,
  and: 1,
  not: 2,
  traverse: 3,
  at: 3,
  roots: 4,
  sinks: 4,
  match: 4,
  state: 4,
  git: 4,
} as const;

/** A selection as text that parses to an equal one, with no more parentheses than it needs. */
export function printSelection(selection: Selection): string {
  return print(selection, 0);
}

function print(selection: Selection, least: number): string {
  const text = printBare(selection);
  return binding[selection.type] < least ? `(${text})` : text;
}

function printBare(selection: Selection): string {
  switch (selection.type) {
    case "or":
      return selection.of.map((inner) => print(inner, binding.and)).join(" or ");
    case "and":
      return selection.of.map((inner) => print(inner, binding.not)).join(" and ");
    case "not":
      return `not ${print(selection.of, binding.not)}`;
    case "traverse": {
      const { upstream, downstream } = selection;
      const before = upstream === 0 ? "" : `${printDepth(upstream)}+`;
      const after = downstream === 0 ? "" : `+${printDepth(downstream)}`;
      return before + print(selection.of, binding.match) + after;
    }
    case "at":
      return `@${print(selection.of, binding.match)}`;
    case "roots":
    case "sinks":
      return `${selection.type}(${print(selection.of, binding.or)})`;
    case "match":
      if (selection.method === "key" && isPlainKey(selection.value)) return selection.value;
      return `${selection.method}:${printValue(selection.value)}`;
    case "state":
      return `state:${selection.state}`;
    case "git":
      return `git:${printValue(selection.range)}`;
  }
}

function printDepth(depth: Depth): string {
  return depth === "all" ? "" : String(depth);
}

function isPlainKey(key: string): boolean {
  return /^[a-z*][a-z0-9_/*]*$/.test(key) && !reservedWords.includes(key);
}

function printValue(value: string): string {
  if (plainValue.test(value)) return value;
  return `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
}
