/** A node of a syntax tree (ESTree), with its place in the text in UTF-16 units. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/**
 * What matters of each kind of node, in order: `name` a child or children, `=name` a plain value. Types, comments and
 * layout are not among them. Written out here and not taken from the parser, so that no release of it moves a code
 * version. A kind that is not in the list is taken by its text.
 */
const shapes: Readonly<Record<string, string>> = {
  ArrayExpression: "elements",
  ArrayPattern: "elements",
  ArrowFunctionExpression: "=async params body",
  AccessorProperty: "=static =computed decorators key value",
  AssignmentExpression: "=operator left right",
  AssignmentPattern: "left right",
  AwaitExpression: "argument",
  BinaryExpression: "=operator left right",
  BlockStatement: "body",
  BreakStatement: "label",
  CallExpression: "=optional callee arguments",
  CatchClause: "param body",
  ChainExpression: "expression",
  ClassBody: "body",
  ClassDeclaration: "decorators id superClass body",
  ClassExpression: "decorators id superClass body",
  ConditionalExpression: "test consequent alternate",
  ContinueStatement: "label",
  DebuggerStatement: "",
  Decorator: "expression",
  DoWhileStatement: "body test",
  EmptyStatement: "",
  ExpressionStatement: "expression",
  ForInStatement: "left right body",
  ForOfStatement: "=await left right body",
  ForStatement: "init test update body",
  FunctionDeclaration: "=async =generator id params body",
  FunctionExpression: "=async =generator id params body",
  Identifier: "=name",
  IfStatement: "test consequent alternate",
  ImportExpression: "source options",
  LabeledStatement: "label body",
  LogicalExpression: "=operator left right",
  MemberExpression: "=computed =optional object property",
  MetaProperty: "meta property",
  MethodDefinition: "=kind =static =computed decorators key value",
  NewExpression: "callee arguments",
  ObjectExpression: "properties",
  ObjectPattern: "properties",
  PrivateIdentifier: "=name",
  Property: "=kind =method =computed key value",
  PropertyDefinition: "=static =computed decorators key value",
  RestElement: "argument",
  ReturnStatement: "argument",
  SequenceExpression: "expressions",
  SpreadElement: "argument",
  StaticBlock: "body",
  Super: "",
  SwitchCase: "test consequent",
  SwitchStatement: "discriminant cases",
  TaggedTemplateExpression: "tag quasi",
  TemplateLiteral: "quasis expressions",
  ThisExpression: "",
  ThrowStatement: "argument",
  TryStatement: "block handler finalizer",
  TSEnumBody: "members",
  TSEnumDeclaration: "id body",
  TSEnumMember: "=computed id initializer",
  TSParameterProperty: "parameter",
  UnaryExpression: "=operator argument",
  UpdateExpression: "=operator =prefix argument",
  VariableDeclaration: "=kind declarations",
  VariableDeclarator: "id init",
  WhileStatement: "test body",
  YieldExpression: "=delegate argument",
};

/** The fields of a kind of node that matter: plain values first, then children. */
export interface Shape {
  readonly values: readonly string[];
  readonly children: readonly string[];
}

const parsedShapes = new Map(
  Object.entries(shapes).map(([type, fields]): [string, Shape] => {
    const names = fields.split(" ").filter((name) => name !== "");
    return [
      type,
      {
        values: names.filter((name) => name.startsWith("=")).map((name) => name.slice(1)),
        children: names.filter((name) => !name.startsWith("=")),
      },
    ];
  }),
);

export function shapeOf(node: SyntaxNode): Shape | undefined {
  return parsedShapes.get(node.type);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";
}

const wrappers = new Set([
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSInstantiationExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
]);

/** The expression inside of what only says something to the type checker. */
export function unwrap(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (wrappers.has(inner.type) && isNode(inner["expression"])) inner = inner["expression"];
  return inner;
}

const typeOnly = new Set([
  "TSAbstractAccessorProperty",
  "TSAbstractMethodDefinition",
  "TSAbstractPropertyDefinition",
  "TSDeclareFunction",
  "TSGlobalDeclaration",
  "TSIndexSignature",
  "TSInterfaceDeclaration",
  "TSNamespaceExportDeclaration",
  "TSTypeAliasDeclaration",
]);

/** Whether a node is there for the type checker alone and gone when the code runs. */
export function isTypeOnly(node: SyntaxNode): boolean {
  if (typeOnly.has(node.type) || node["declare"] === true) return true;
  if (node.type === "Identifier") return node["name"] === "this";
  return isNode(node["value"]) && node["value"].type === "TSEmptyBodyFunctionExpression";
}

/** The nodes in a field, types unwrapped and what is only type left out; null for a hole in a list. */
export function nodesIn(node: SyntaxNode, field: string): readonly (SyntaxNode | null)[] {
  const value = node[field];
  if (isNode(value)) return [unwrap(value)];
  if (!Array.isArray(value)) return [];
  return value
    .filter((item) => item === null || (isNode(item) && !isTypeOnly(item) && item.type !== "EmptyStatement"))
    .map((item: SyntaxNode | null) => (item === null ? null : unwrap(item)));
}

/** All nodes right below a node that matter when the code runs; of an unknown kind, all there are. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const fields = shapeOf(node)?.children ?? Object.keys(node);
  return fields.flatMap((field) => nodesIn(node, field).filter((child) => child !== null));
}

export function isFunction(node: SyntaxNode): boolean {
  return /^(?:Arrow)?Function(?:Declaration|Expression)$/.test(node.type);
}

export function isClass(node: SyntaxNode): boolean {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression";
}

/** The name of a property, parameter label or specifier that is written as it is; undefined for a computed one. */
export function staticName(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Identifier" || node.type === "PrivateIdentifier") return String(node["name"]);
  return node.type === "Literal" ? String(node["value"]) : undefined;
}
