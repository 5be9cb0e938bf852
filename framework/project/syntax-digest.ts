import { digestOf } from "./file-stamp.ts";
import { declaringScope, type Scope, scopesOpened, scopeWith, varNames } from "./name-scopes.ts";
import { isNode, nodesIn, type SyntaxNode, shapeOf, staticName } from "./syntax-tree.ts";

/** A piece of code without types, comments and layout: its hash, and the names it takes from outside of itself. */
export interface CodeTree {
  readonly digest: string;
  /** In the order of their first use. */
  readonly names: readonly NameUse[];
}

export interface NameUse {
  /** The name; `import x` for a module imported while running, `import` alone where its name is computed. */
  readonly name: string;
  /** Where in the text it is first used, in UTF-16 units. */
  readonly at: number;
  /** module: declared at the top of the module, imported, or of the platform. around: by what stands around the piece. */
  readonly from: "module" | "around";
  /** Whether the name may be of nothing: under `typeof`, or in code that is not understood. */
  readonly maybe: boolean;
}

/** Where a piece of code stands: the scope of the module's top, the names in it that it declares itself, the scope around. */
export interface Surroundings {
  readonly module: Scope;
  readonly own: ReadonlySet<string>;
  readonly around: Scope;
}

/**
 * Hashes a piece of code.
 * `ownThis` is how many functions deep `this` still means what stands around: 1 for the function of an asset, 0 for an
 * arrow in another function or in a class. Without it `this` is no name.
 */
export function codeTree(root: SyntaxNode, text: string, scopes: Surroundings, ownThis = -1): CodeTree {
  const out: string[] = [];
  const names = new Map<string, NameUse>();
  emit(root, scopes.around, 0, false);
  return { digest: digestOf(out.join("")), names: [...names.values()] };

  function emit(node: SyntaxNode, outer: Scope, depth: number, maybe: boolean): void {
    const shape = shapeOf(node);
    let scope = outer;
    for (const opened of scopesOpened(node)) scope = scopeWith(opened, scope);
    out.push("(", node.type);
    if (node.type === "Identifier") out.push(" ", use(String(node["name"]), node, scope, maybe));
    else if (node.type === "Literal") out.push(literalText(node));
    else if (node.type === "TemplateElement") out.push(templateText(node));
    else if (shape === undefined) emitText(node, scope, depth);
    else {
      for (const field of shape.values) out.push(" ", JSON.stringify(node[field] ?? null));
      for (const field of shape.children) emitField(node, field, scope, depth, maybe);
    }
    const receiver = depth <= ownThis ? receiverOf(node) : undefined;
    if (receiver !== undefined) add(receiver, node, "around", maybe);
    if (node.type === "ImportExpression")
      add(`import ${staticName(node["source"]) ?? ""}`.trim(), node, "module", maybe);
    out.push(")");
  }

  function emitField(node: SyntaxNode, field: string, scope: Scope, depth: number, maybe: boolean): void {
    const isName = !node["computed"] && (nameFields[node.type] ?? []).includes(field);
    const deeper = field === "body" && opensThis.has(node.type) ? depth + 1 : depth;
    const isClassMember = node.type === "PropertyDefinition" || node.type === "AccessorProperty";
    // A field's value has a `this` of its own, as a static block has.
    const inner = (isClassMember && field === "value") || node.type === "StaticBlock" ? depth + 1 : deeper;
    const isTypeof = node.type === "UnaryExpression" && node["operator"] === "typeof";
    out.push(" ");
    const isList = Array.isArray(node[field]);
    if (isList) out.push("[");
    const children = nodesIn(node, field);
    if (children.length === 0 && !isList) out.push("~");
    for (const child of children) {
      if (child === null) out.push("~");
      else if (isName && staticName(child) !== undefined) out.push(nameText(child));
      else if (field === "body" && child.type === "BlockStatement" && isFunctionLike(node)) {
        emit(child, scopeWith(varNames(child), scope), inner, maybe);
      } else emit(child, scope, inner, maybe || (isTypeof && child.type === "Identifier"));
    }
    if (isList) out.push("]");
  }

  // A kind of node that the shapes do not know: its text, and every name in it that could be of the module.
  function emitText(node: SyntaxNode, scope: Scope, depth: number): void {
    out.push(JSON.stringify(text.slice(node.start, node.end).replaceAll("\r\n", "\n")));
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) for (const item of value) visit(item);
      else if (isNode(value)) {
        if (shapeOf(value) && value.type !== "Identifier") emit(value, scope, depth, true);
        else if (/Identifier$/.test(value.type)) use(String(value["name"]), value, scope, true);
        else for (const [field, inner] of Object.entries(value)) if (field !== "parent") visit(inner);
      }
    };
    for (const [field, value] of Object.entries(node)) if (field !== "parent") visit(value);
  }

  /** Notes the use of a name from outside, and gives the text that stands for it. */
  function use(name: string, node: SyntaxNode, scope: Scope, maybe: boolean): string {
    const declared = declaringScope(name, scope);
    if (declared === undefined || declared === scopes.module) add(name, node, "module", maybe);
    else if (isAround(declared)) add(name, node, "around", maybe);
    // What something is called where it is used says nothing: what the name leads to does.
    const isElsewhere = declared === scopes.module && !scopes.own.has(name);
    return isElsewhere ? `@${[...names.keys()].indexOf(name)}` : JSON.stringify(name);
  }

  function isAround(declared: Scope): boolean {
    for (let scope: Scope | undefined = scopes.around; scope; scope = scope.outer) {
      if (scope === declared) return true;
    }
    return false;
  }

  function add(name: string, node: SyntaxNode, from: NameUse["from"], maybe: boolean): void {
    const known = names.get(name);
    if (known === undefined) names.set(name, { name, at: node.start, from, maybe });
    else if (known.maybe && !maybe) names.set(name, { ...known, at: node.start, maybe });
  }
}

/** How a node that tells of the function or class around it is written. */
function receiverOf(node: SyntaxNode): string | undefined {
  if (node.type === "ThisExpression") return "this";
  if (node.type === "Super") return "super";
  return node.type === "MetaProperty" && staticName(node["meta"]) === "new" ? "new.target" : undefined;
}

const opensThis = new Set(["FunctionDeclaration", "FunctionExpression"]);

/** Fields that hold a name as it is written, unless it is computed. */
const nameFields: Readonly<Record<string, readonly string[]>> = {
  AccessorProperty: ["key"],
  BreakStatement: ["label"],
  ContinueStatement: ["label"],
  LabeledStatement: ["label"],
  MemberExpression: ["property"],
  MetaProperty: ["meta", "property"],
  MethodDefinition: ["key"],
  Property: ["key"],
  PropertyDefinition: ["key"],
  TSEnumMember: ["id"],
};

function isFunctionLike(node: SyntaxNode): boolean {
  return opensThis.has(node.type) || node.type === "ArrowFunctionExpression";
}

// `x.a` and `x["a"]` are one; `x.#a` is another.
function nameText(node: SyntaxNode): string {
  return `${node.type === "PrivateIdentifier" ? "#" : ""}${JSON.stringify(staticName(node))}`;
}

function literalText(node: SyntaxNode): string {
  if (typeof node["bigint"] === "string") return ` ${node["bigint"]}n`;
  const { regex, value } = node as { regex?: { pattern: string; flags: string }; value?: unknown };
  if (regex) return ` /${JSON.stringify(regex.pattern)}/${regex.flags}`;
  return typeof value === "string" ? ` ${JSON.stringify(value)}` : ` ${String(value)}`;
}

function templateText(node: SyntaxNode): string {
  const { value } = node as { value?: { raw?: string } };
  return ` ${JSON.stringify((value?.raw ?? "").replaceAll("\r\n", "\n"))}`;
}
