import type { RunCall } from "./module-summary.ts";
import { type Scope, scopesOpened, scopeWith, varNames } from "./name-scopes.ts";
import { codeTree, type Surroundings } from "./syntax-digest.ts";
import {
  childrenOf,
  isClass,
  isFunction,
  isNode,
  nodesIn,
  type SyntaxNode,
  staticName,
  unwrap,
} from "./syntax-tree.ts";
import type { TextPlaces } from "./text-places.ts";

/** The calls in a piece of a module whose options hold `run`, in whatever function they stand. */
export function runCalls(
  piece: SyntaxNode,
  text: string,
  scopes: Surroundings,
  place: TextPlaces,
): readonly RunCall[] {
  const found: RunCall[] = [];
  visit(piece, scopes.around, false);
  return found;

  function visit(node: SyntaxNode, outer: Scope, outerThis: boolean): void {
    let scope = outer;
    for (const opened of scopesOpened(node)) scope = scopeWith(opened, scope);
    if (isFunction(node))
      scope = scopeWith(
        nodesIn(node, "body").flatMap((body) => (body ? varNames(body) : [])),
        scope,
      );
    // An arrow has the `this` of what stands around it; at the top of a module that is nothing.
    const hasThis = outerThis || isClass(node) || (isFunction(node) && !isArrow(node));
    const run = node.type === "CallExpression" ? runOption(node) : undefined;
    if (run && isNode(node["callee"])) {
      const ownThis = run.type === "FunctionExpression" ? 1 : hasThis ? 0 : -1;
      const tree = place.tree(codeTree(run, text, { ...scopes, around: scope }, ownThis));
      found.push({ callee: place.range(node["callee"]), run: tree });
    }
    for (const child of childrenOf(node)) visit(child, scope, hasThis);
  }
}

function isArrow(node: SyntaxNode): boolean {
  return node.type === "ArrowFunctionExpression";
}

function runOption(call: SyntaxNode): SyntaxNode | undefined {
  const options = nodesIn(call, "arguments").find((given) => given?.type === "ObjectExpression");
  let run: SyntaxNode | undefined;
  for (const property of options ? nodesIn(options, "properties") : []) {
    // What is spread in later may bring another `run`, as may a name that is computed.
    if (property?.type === "SpreadElement" || property?.["computed"] === true) run = undefined;
    else if (property && staticName(property["key"]) === "run") {
      run = isNode(property["value"]) ? unwrap(property["value"]) : undefined;
    }
  }
  return run;
}
