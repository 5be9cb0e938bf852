import type { Asset } from "../definition/asset.ts";
import { DefinitionFault } from "../definition/definition-fault.ts";
import type { Diagnostic } from "../definition/diagnostic.ts";
import { canonicalJson } from "../definition/json.ts";
import { isSql, type Relation, relation, renderSql } from "../definition/sql.ts";
import type { MakingSpec } from "./asset-spec.ts";
import { isAsset } from "./listed-assets.ts";
import type { Places } from "./places.ts";

/** How an asset is made, as plain data: its statement is rendered once, and what is wrong with it is a diagnostic. */
export function makingOf(asset: Asset, diagnostics: Diagnostic[], at: Places): MakingSpec {
  const { making } = asset;
  switch (making.kind) {
    case "copy":
      return { kind: "copy", source: making.from.source.name, table: making.from.table.name };
    case "function":
      // In the order in which it is hashed: a run that goes through its names must not see another order for the same hash.
      return { kind: "function", config: JSON.parse(canonicalJson(making.config)) };
    case "sql": {
      const relations: Record<string, Relation> = {};
      for (const [name, input] of Object.entries(making.inputs)) {
        // Said already; the statement would only fail for the same cause.
        if (!isAsset(input)) return { kind: "sql", statement: "", pieces: [] };
        relations[name] = relation(name, input.columns);
      }
      try {
        const statement = making.statement(relations);
        if (isSql(statement)) {
          const { text, pieces } = renderSql(statement);
          const placed = pieces.map((piece) =>
            piece.template ? { ...piece, template: at.source(piece.template) } : piece,
          );
          return { kind: "sql", statement: text, pieces: placed };
        }
        diagnostics.push(
          sqlFault(asset, { message: "does not return SQL", hint: "return what a sql`…` template gives" }),
        );
      } catch (thrown) {
        const cause = thrown instanceof DefinitionFault || isFault(thrown) ? thrown.diagnostic : undefined;
        const position = at.thrown(thrown);
        diagnostics.push(
          sqlFault(asset, {
            ...(position && { position }),
            ...(cause ?? { message: thrown instanceof Error ? thrown.message : String(thrown) }),
          }),
        );
      }
      return { kind: "sql", statement: "", pieces: [] };
    }
  }
}

// The class that a project's own bundle brings is another than ours, so its name is what tells.
function isFault(thrown: unknown): thrown is DefinitionFault {
  return thrown instanceof Error && thrown.name === "DefinitionFault" && "diagnostic" in thrown;
}

function sqlFault(asset: Asset, fault: Partial<Diagnostic> & { readonly message: string }): Diagnostic {
  return {
    code: "sql-invalid",
    severity: "error",
    ...(asset.position && { position: asset.position }),
    ...fault,
    message: `${asset.key}: ${fault.message}`,
  };
}
