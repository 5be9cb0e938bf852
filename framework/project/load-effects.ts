import { scopesOpened, varNames } from "./name-scopes.ts";
import {
  childrenOf,
  isFunction,
  isNode,
  nodesIn,
  type SyntaxNode,
  staticName,
  unwrap,
} from "./syntax-tree.ts";

/**
 * What running a piece of code does beside giving a value. Calls are told by names of the module, so that whoever knows
 * what a name stands for can say whether the call does anything.
 */
export interface Effect {
  /** It can change something, or it calls what cannot be told by a name. */
  readonly certain: boolean;
  /** Functions that it calls by name. */
  readonly calls: readonly string[];
  /** Names that calls of methods start from, if the framework has such a method: `shop` of `shop.table(orders)`. */
  readonly callsOn: readonly string[];
}

/**
 * The effect of loading a statement or an initial value. What stands inside of functions is not run by loading. Getters,
 * iterators and conversions to text are taken to do nothing but give a value.
 */
export function loadEffect(root: SyntaxNode, isDeclared: (name: string) => boolean): Effect {
  return effectOf([root], isDeclared, new Set());
}

/** The effect of calling a function; undefined where the node is none. */
export function callEffect(node: unknown, isDeclared: (name: string) => boolean): Effect | undefined {
  if (!isNode(node)) return undefined;
  const called = unwrap(node);
  if (!isFunction(called)) return undefined;
  const parts = [...nodesIn(called, "params"), ...nodesIn(called, "body")].filter((part) => part !== null);
  const anywhere = new Set([called, ...parts].flatMap(localNames));
  const throughout = new Set(
    [called, ...parts].flatMap((part) => [...scopesOpened(part).flat(), ...varNames(part)]),
  );
  return effectOf(parts, isDeclared, anywhere, throughout);
}

/** All names that are declared in a function, in whatever block. */
function localNames(node: SyntaxNode): readonly string[] {
  const own = scopesOpened(node).flat();
  const below = childrenOf(node).filter((child) => !isFunction(child));
  return [...own, ...varNames(node), ...below.flatMap(localNames)];
}

function effectOf(
  parts: readonly SyntaxNode[],
  isDeclared: (name: string) => boolean,
  locals: ReadonlySet<string>,
  /** Those that are local wherever they stand, and not only in a block of their own. */
  throughout: ReadonlySet<string> = new Set(),
): Effect {
  const calls = new Set<string>();
  const callsOn = new Set<string>();
  let certain = false;
  for (const part of parts) visit(part);
  return { certain, calls: [...calls], callsOn: [...callsOn] };

  function visit(node: SyntaxNode): void {
    if (isFunction(node)) return;
    switch (node.type) {
      case "AssignmentExpression":
      case "UpdateExpression":
        if (!isLocal(node["left"] ?? node["argument"])) certain = true;
        break;
      case "ForInStatement":
      case "ForOfStatement":
        // Each turn assigns to what stands there, unless it is declared there.
        if (isNode(node["left"]) && node["left"].type !== "VariableDeclaration" && !isLocal(node["left"]))
          certain = true;
        break;
      case "Decorator":
      // Loads a module, whose loading may do anything.
      case "ImportExpression":
      case "StaticBlock":
        certain = true;
        return;
      case "UnaryExpression":
        if (node["operator"] === "delete") certain = true;
        break;
      case "CallExpression":
      case "NewExpression":
        called(node, node["callee"]);
        break;
      case "TaggedTemplateExpression":
        called(node, node["tag"]);
        break;
      case "PropertyDefinition":
      case "AccessorProperty":
        // The value of a field is made when the class is, only if the field is static.
        for (const child of nodesIn(node, "decorators")) if (child) visit(child);
        if (node["computed"] === true && isNode(node["key"])) visit(unwrap(node["key"]));
        if (node["static"] === true && isNode(node["value"])) visit(unwrap(node["value"]));
        return;
      default:
    }
    for (const child of childrenOf(node)) visit(child);
  }

  function isLocal(target: unknown): boolean {
    const name =
      isNode(target) && unwrap(target).type === "Identifier" ? staticName(unwrap(target)) : undefined;
    if (name === undefined) return false;
    // A name of the module's own that some inner block declares too may be meant outside of that block.
    return throughout.has(name) || (locals.has(name) && !isDeclared(name));
  }

  function called(node: SyntaxNode, callee: unknown): void {
    const path = calleePath(callee);
    // What a parameter or a variable of the function stands for is not known.
    if (path === undefined || locals.has(path.root)) certain = true;
    else if (path.literal) {
      // A method of a value written in place changes nothing else, unless it is given something to call or to change.
      const isDirect = path.members.length === 1;
      if (!isDirect || !nodesIn(node, "arguments").every((given) => given?.type === "Literal"))
        certain = true;
    } else if (!isDeclared(path.root)) {
      if (!isHarmless(path, node)) certain = true;
    } else if (isNode(callee) && unwrap(callee).type === "Identifier") calls.add(path.root);
    else if (frameworkMethods.has(path.members.at(-1) ?? "")) callsOn.add(path.root);
    else certain = true;
  }
}

/** Methods that the framework's own values have. Of a list that somebody can change `push` is none of them. */
const frameworkMethods = new Set(
  "describe from ident join nullable oneOf raw references run sql table".split(" "),
);

/** Names that a value is made of, if it is made by calls and literals alone; undefined where that cannot be told. */
export function valueRoots(value: unknown): readonly string[] | undefined {
  if (!isNode(value)) return undefined;
  const node = unwrap(value);
  if (node.type === "Literal" || node.type === "TemplateLiteral") return [];
  if (node.type === "ObjectExpression" || node.type === "ArrayExpression") {
    const items = childrenOf(node).map((child) => {
      const inner = child.type === "Property" ? child["value"] : child;
      return valueRoots(child.type === "SpreadElement" ? child["argument"] : inner);
    });
    return items.some((roots) => roots === undefined) ? undefined : items.flatMap((roots) => roots ?? []);
  }
  const path = calleePath(node);
  return path === undefined || path.literal ? undefined : [path.root];
}

interface CalleePath {
  readonly root: string;
  /** The names that are read last: all after a call or the root. */
  readonly members: readonly string[];
  /** Whether it starts from a value that is written in place. */
  readonly literal: boolean;
}

/** Where a chain of members and calls starts: `string` of `string().nullable()`. */
function calleePath(callee: unknown): CalleePath | undefined {
  if (!isNode(callee)) return undefined;
  const members: string[] = [];
  let called = false;
  for (let node = unwrap(callee); ; ) {
    const next = chainInside(node);
    if (next === undefined) {
      if (node.type === "Identifier") return { root: String(node["name"]), members, literal: false };
      const isValue = ["Literal", "TemplateLiteral", "ArrayExpression"].includes(node.type);
      return isValue && !called ? { root: "", members, literal: true } : undefined;
    }
    if (node.type !== "MemberExpression") called ||= node.type !== "ChainExpression";
    else if (!called) members.unshift(staticName(node["property"]) ?? "");
    node = next;
  }
}

function chainInside(node: SyntaxNode): SyntaxNode | undefined {
  const fields: Readonly<Record<string, string>> = {
    MemberExpression: "object",
    CallExpression: "callee",
    NewExpression: "callee",
    TaggedTemplateExpression: "tag",
    ChainExpression: "expression",
  };
  const inner = node[fields[node.type] ?? ""];
  return isNode(inner) ? unwrap(inner) : undefined;
}

const harmless = new Set(
  (
    "BigInt Boolean Number String Symbol Symbol.for Number.parseFloat Number.parseInt Object.entries " +
    "Object.fromEntries Object.keys Object.values Array.of Array.from JSON.parse JSON.stringify String.raw " +
    "structuredClone parseInt parseFloat"
  ).split(" "),
);

const harmlessNew = new Set(
  (
    "Array Date Error Intl.Collator Intl.DateTimeFormat Intl.NumberFormat Map RangeError RegExp Set TextDecoder " +
    "TextEncoder TypeError URL URLSearchParams Uint8Array WeakMap WeakSet"
  ).split(" "),
);

/** Whether a call of something of the platform is known to change nothing but what it gives back. */
function isHarmless({ root, members }: CalleePath, node: SyntaxNode): boolean {
  const given = nodesIn(node, "arguments");
  if (given.some((argument) => argument && isFunction(argument))) return false;
  const name = [root, ...members].join(".");
  if (node.type === "NewExpression") return harmlessNew.has(name);
  // Of a value that is written in place nobody else has hold.
  if (name === "Object.freeze") return given[0] != null && /^(Object|Array)Expression$/.test(given[0].type);
  if ((name === "Array.from" || name === "JSON.parse") && given.length > 1) return false;
  return root === "Math" || harmless.has(name);
}
