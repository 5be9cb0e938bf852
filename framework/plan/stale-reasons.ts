import type { SourceToken } from "../definition/source-token.ts";
import type { AssetSpec } from "../graph/asset-spec.ts";
import type { EnvironmentEntry, FingerprintPart } from "../lake/records.ts";
import type { Reason } from "./plan.ts";

/**
 * What differs between the work that gave an environment's version and the work that is due. `parts` may lack those of
 * inputs that are not known yet (`unknown` names them): of these only is said which ones are new.
 */
export function staleReasons(
  entry: EnvironmentEntry | undefined,
  parts: readonly FingerprintPart[],
  spec: AssetSpec,
  token: SourceToken | undefined,
  unknown: ReadonlySet<string>,
): readonly Reason[] {
  if (entry === undefined) return [{ because: "never-made" }];
  const before = new Map(entry.fingerprint.parts.map((part) => [part.name, part.value]));
  const after = new Map(parts.map((part) => [part.name, part.value]));
  const reasons: Reason[] = [];
  for (const name of [...new Set([...before.keys(), ...after.keys(), ...unknown])].sort()) {
    const from = before.get(name);
    const to = after.get(name);
    if (unknown.has(name) ? from !== undefined : from === to) continue;
    reasons.push(...reasonsOf(name, from, to, spec, entry, token));
  }
  return reasons;
}

function reasonsOf(
  name: string,
  from: string | undefined,
  to: string | undefined,
  spec: AssetSpec,
  entry: EnvironmentEntry,
  token: SourceToken | undefined,
): readonly Reason[] {
  switch (name) {
    case "code":
      return [{ because: "code-changed", from: from ?? "", to: to ?? "" }];
    case "config":
      return [{ because: "config-changed", from: from ?? "none", to: to ?? "none" }];
    case "engine":
      return [{ because: "engine-changed", from: from ?? "none", to: to ?? "none" }];
    case "schema":
      return [{ because: "schema-changed", changes: schemaChanges(from ?? "", to ?? "") }];
    case "source":
      return token === undefined ? [] : [{ because: "source-changed", from: entry.source, to: token }];
    default: {
      const input = name.slice("input:".length);
      const asset = spec.inputs.find((edge) => edge.name === input)?.asset;
      if (asset === undefined) return [{ because: "input-removed", input }];
      if (from === undefined) return [{ because: "input-added", input, asset }];
      return [{ because: "input-changed", input, asset, from, to: to ?? "" }];
    }
  }
}

/** Column by column: "+ lat double", "- zip string", "amount decimal(10,2) → decimal(18,2)". */
function schemaChanges(from: string, to: string): readonly string[] {
  const before = columnsOf(from);
  const after = columnsOf(to);
  const changes: string[] = [];
  for (const [name, type] of after) {
    const earlier = before.get(name);
    if (earlier === undefined) changes.push(`+ ${name} ${type}`);
    else if (earlier !== type) changes.push(`${name} ${earlier} → ${type}`);
  }
  for (const [name, type] of before) if (!after.has(name)) changes.push(`- ${name} ${type}`);
  return changes.length > 0 ? changes : ["order of columns"];
}

// Types hold commas in parentheses only, so a comma and a space always end a column.
function columnsOf(schema: string): ReadonlyMap<string, string> {
  const columns = new Map<string, string>();
  for (const column of schema.split(", ")) {
    const space = column.indexOf(" ");
    if (space > 0) columns.set(column.slice(0, space), column.slice(space + 1));
  }
  return columns;
}
