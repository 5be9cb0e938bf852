import { childrenOf, isClass, isFunction, isNode, nodesIn, type SyntaxNode, unwrap } from "./syntax-tree.ts";

/** The names that one stretch of code declares, inside the stretches around it. */
export interface Scope {
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}

export function scopeWith(names: Iterable<string>, outer: Scope | undefined): Scope {
  return { names: new Set(names), outer };
}

/** The innermost scope that declares a name; undefined where none does. */
export function declaringScope(name: string, from: Scope | undefined): Scope | undefined {
  for (let scope = from; scope; scope = scope.outer) if (scope.names.has(name)) return scope;
  return undefined;
}

/** The names that a pattern binds: of a parameter, a declaration, a catch clause. */
export function patternNames(pattern: unknown): readonly string[] {
  if (!isNode(pattern)) return [];
  const node = unwrap(pattern);
  switch (node.type) {
    case "Identifier":
      return [String(node["name"])];
    case "AssignmentPattern":
      return patternNames(node["left"]);
    case "RestElement":
      return patternNames(node["argument"]);
    case "TSParameterProperty":
      return patternNames(node["parameter"]);
    case "Property":
      return patternNames(node["value"]);
    case "ObjectPattern":
      return nodesIn(node, "properties").flatMap(patternNames);
    case "ArrayPattern":
      return nodesIn(node, "elements").flatMap(patternNames);
    default:
      return [];
  }
}

/** The names that statements declare for the block they stand in: let, const, using, functions, classes, enums. */
export function blockNames(statements: readonly (SyntaxNode | null)[]): readonly string[] {
  return statements.flatMap((statement) => {
    if (statement === null) return [];
    if (statement.type === "VariableDeclaration")
      return statement["kind"] === "var" ? [] : declaredNames(statement);
    if (statement.type === "LabeledStatement") return blockNames(nodesIn(statement, "body"));
    const declares =
      statement.type === "FunctionDeclaration" ||
      statement.type === "ClassDeclaration" ||
      statement.type === "TSEnumDeclaration" ||
      statement.type === "TSModuleDeclaration";
    return declares ? patternNames(statement["id"]) : [];
  });
}

function declaredNames(declaration: SyntaxNode): readonly string[] {
  return nodesIn(declaration, "declarations").flatMap((declarator) => patternNames(declarator?.["id"]));
}

/** The names that `var` declares anywhere below, up to the next function. */
export function varNames(node: SyntaxNode): readonly string[] {
  const own = node.type === "VariableDeclaration" && node["kind"] === "var" ? declaredNames(node) : [];
  const below = childrenOf(node).filter((child) => !isFunction(child) && !isClass(child));
  return [...own, ...below.flatMap(varNames)];
}

/**
 * The scopes that a node opens, outermost first, each with the fields that stand in it. Parameters are apart from the
 * body: a default value does not see what the body declares.
 */
export function scopesOpened(node: SyntaxNode): readonly (readonly string[])[] {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression": {
      const own = node.type === "FunctionExpression" ? patternNames(node["id"]) : [];
      return [own, ["arguments", ...nodesIn(node, "params").flatMap(patternNames)]];
    }
    case "ArrowFunctionExpression":
      return [nodesIn(node, "params").flatMap(patternNames)];
    case "ClassDeclaration":
    case "ClassExpression":
      return [patternNames(node["id"])];
    case "BlockStatement":
      return [blockNames(nodesIn(node, "body"))];
    case "StaticBlock":
      return [[...blockNames(nodesIn(node, "body")), ...nodesIn(node, "body").flatMap(varsOf), "arguments"]];
    case "SwitchStatement":
      return [nodesIn(node, "cases").flatMap((one) => (one ? blockNames(nodesIn(one, "consequent")) : []))];
    case "ForStatement":
      return [blockNames(nodesIn(node, "init"))];
    case "ForInStatement":
    case "ForOfStatement":
      return [blockNames(nodesIn(node, "left"))];
    case "CatchClause":
      return [patternNames(node["param"])];
    case "TSEnumDeclaration":
      return [nodesIn(node, "body").flatMap(enumNames)];
    default:
      return [];
  }
}

function varsOf(node: SyntaxNode | null): readonly string[] {
  return node === null ? [] : varNames(node);
}

// Inside an enum its members are names of their own.
function enumNames(body: SyntaxNode | null): readonly string[] {
  if (body === null) return [];
  return nodesIn(body, "members").flatMap((member) => {
    const id = member?.["id"];
    return isNode(id) && id.type === "Identifier" ? [String(id["name"])] : [];
  });
}
