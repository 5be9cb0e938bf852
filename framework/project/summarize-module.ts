import { parseSync } from "oxc-parser";
import { callEffect, loadEffect, valueRoots } from "./load-effects.ts";
import { type Declaration, type ImportedName, type ModuleSummary, wholeModule } from "./module-summary.ts";
import { blockNames, patternNames, scopeWith, varNames } from "./name-scopes.ts";
import { runCalls } from "./run-calls.ts";
import { codeTree } from "./syntax-digest.ts";
import {
  childrenOf,
  isFunction,
  isNode,
  isTypeOnly,
  nodesIn,
  type SyntaxNode,
  staticName,
  unwrap,
} from "./syntax-tree.ts";
import { textPlaces } from "./text-places.ts";

/** Reads a module as far as code versions need it. */
export function summarizeModule(path: string, text: string): ModuleSummary {
  if (!/\.[mc]?[jt]sx?$/.test(path)) return wholeModule;
  const parsed = parseSync(path, text, { sourceType: "module", preserveParens: false });
  const body = (parsed.program as unknown as SyntaxNode)["body"];
  if (parsed.errors.some(({ severity }) => severity === "Error") || !Array.isArray(body)) return wholeModule;
  const statements = (body as readonly SyntaxNode[]).filter((statement) => !isTypeOnly(statement));
  if (!isModule(statements, text)) return wholeModule;
  return summarize(statements, text);
}

// CommonJS keeps its exports and imports where no declaration tells of them.
function isModule(statements: readonly SyntaxNode[], text: string): boolean {
  if (statements.some(({ type }) => type === "TSExportAssignment" || type === "TSImportEqualsDeclaration"))
    return false;
  return (
    statements.some(({ type }) => /^(Import|Export)/.test(type)) || !/\b(module|exports|require)\b/.test(text)
  );
}

function summarize(statements: readonly SyntaxNode[], text: string): ModuleSummary {
  const imports: Record<string, ImportedName> = {};
  const exports: Record<string, { readonly local: string } | ImportedName> = {};
  const stars: string[] = [];
  const sources = new Set<string>();
  const bareSources = new Set<string>();
  const pieces: { readonly names: readonly string[]; readonly node: SyntaxNode; readonly runs?: true }[] = [];

  for (const statement of statements) {
    if (statement["importKind"] === "type" || statement["exportKind"] === "type") continue;
    const specifier = staticName(statement["source"]);
    if (specifier !== undefined) sources.add(specifier);
    if (specifier !== undefined && isBare(statement)) bareSources.add(specifier);
    if (statement.type === "ImportDeclaration") readImport(statement, specifier ?? "");
    else if (statement.type === "ExportAllDeclaration") {
      const name = staticName(statement["exported"]);
      if (name === undefined) stars.push(specifier ?? "");
      else exports[name] = { specifier: specifier ?? "", name: "*" };
    } else if (statement.type === "ExportNamedDeclaration") readExport(statement, specifier);
    else if (statement.type === "ExportDefaultDeclaration") {
      const node = isNode(statement["declaration"]) ? unwrap(statement["declaration"]) : statement;
      const [local = defaultName] = node.type === "Identifier" ? [] : patternNames(node["id"]);
      exports["default"] = { local };
      pieces.push({ names: [local], node });
    } else readStatement(statement);
  }

  const module = scopeWith([...pieces.flatMap(({ names }) => names), ...Object.keys(imports)], undefined);
  const scopes = { module, around: module };
  const place = textPlaces(text);
  const declarations = pieces.map(({ names, node, runs }): Declaration => {
    const value = node.type === "VariableDeclarator" ? node["init"] : node;
    const roots =
      node.type === "VariableDeclarator" || names[0] === defaultName ? valueRoots(value) : undefined;
    const isDeclared = (name: string): boolean => module.names.has(name);
    const effect = loadEffect(node, isDeclared);
    return {
      names,
      tree: place.tree(codeTree(node, text, { ...scopes, own: new Set(names) })),
      // A statement stands there for what it does.
      effect: runs ? { ...effect, certain: true } : effect,
      calling: (names.length === 1 ? callEffect(value, isDeclared) : undefined) ?? null,
      roots: roots ?? null,
      range: place.range(node),
      functions: outermostFunctions(node).map(place.range),
    };
  });
  const runs = pieces.flatMap(({ node }) => runCalls(node, text, { ...scopes, own: new Set() }, place));
  const loaded = { sources: [...sources], bareSources: [...bareSources] };
  return { whole: false, declarations, imports, exports, stars, ...loaded, runs };

  function readImport(statement: SyntaxNode, specifier: string): void {
    for (const item of nodesIn(statement, "specifiers")) {
      const local = staticName(item?.["local"]);
      if (item === null || local === undefined || item["importKind"] === "type") continue;
      const name =
        item.type === "ImportNamespaceSpecifier"
          ? "*"
          : item.type === "ImportDefaultSpecifier"
            ? "default"
            : (staticName(item["imported"]) ?? local);
      imports[local] = { specifier, name };
    }
  }

  function readExport(statement: SyntaxNode, specifier: string | undefined): void {
    for (const item of nodesIn(statement, "specifiers")) {
      const local = staticName(item?.["local"]);
      const exported = staticName(item?.["exported"]);
      if (local === undefined || exported === undefined || item?.["exportKind"] === "type") continue;
      exports[exported] = specifier === undefined ? { local } : { specifier, name: local };
    }
    const declaration = statement["declaration"];
    if (!isNode(declaration) || isTypeOnly(declaration)) return;
    for (const name of readStatement(declaration)) exports[name] = { local: name };
  }

  function readStatement(statement: SyntaxNode): readonly string[] {
    if (statement.type === "VariableDeclaration") {
      const declarators = nodesIn(statement, "declarations").filter((declarator) => declarator !== null);
      for (const node of declarators) pieces.push({ names: patternNames(node["id"]), node });
      return declarators.flatMap((node) => patternNames(node["id"]));
    }
    if (statement.type === "EmptyStatement") return [];
    const names = [...blockNames([statement]), ...varNames(statement)];
    const isPlain = isDeclaration(statement) || isDirective(statement);
    pieces.push({ names, node: statement, ...(!isPlain && { runs: true }) });
    return names;
  }
}

function isBare(statement: SyntaxNode): boolean {
  const { specifiers } = statement as { specifiers?: unknown };
  return Array.isArray(specifiers) && specifiers.length === 0;
}

// No name that code can have.
const defaultName = "*default*";

function isDeclaration({ type }: SyntaxNode): boolean {
  return /^(Function|Class|TSEnum|TSModule)Declaration$/.test(type);
}

function isDirective(node: SyntaxNode): boolean {
  return (
    node.type === "ExpressionStatement" && isNode(node["expression"]) && node["expression"].type === "Literal"
  );
}

function outermostFunctions(node: SyntaxNode): readonly SyntaxNode[] {
  return isFunction(node) ? [node] : childrenOf(node).flatMap(outermostFunctions);
}
