import type { RunCall } from "./module-summary.ts";
import { type Scope, scopesOpened, scopeWith, varNames } from "./name-scopes.ts";
import { codeTree, type Surroundings } from "./syntax-digest.ts";
import {
  childrenOf,
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
  visit(piece, scopes.around);
  return found;

  function visit(node: SyntaxNode, outer: Scope): void {
    let scope = outer;
    for (const opened of scopesOpened(node)) scope = scopeWith(opened, scope);
    if (isFunction(node))
      scope = scopeWith(
        nodesIn(node, "body").flatMap((body) => (body ? varNames(body) : [])),
        scope,
      );
    const run = node.type === "CallExpression" ? runOption(node) : undefined;
    if (run && isNode(node["callee"])) {
      const ownThis = run.type === "FunctionExpression" ? 1 : 0;
      const tree = place.tree(codeTree(run, text, { ...scopes, around: scope }, ownThis));
      found.push({ callee: place.range(node["callee"]), run: tree });
    }
    for (const child of childrenOf(node)) visit(child, scope);
  }
}

function runOption(call: SyntaxNode): SyntaxNode | undefined {
  const options = nodesIn(call, "arguments").find((given) => given?.type === "ObjectExpression");
  let run: SyntaxNode | undefined;
  for (const property of options ? nodesIn(options, "properties") : []) {
    // What is spread in later may bring another `run`.
    if (property?.type === "SpreadElement") run = undefined;
    else if (property && property["computed"] !== true && staticName(property["key"]) === "run") {
      run = isNode(property["value"]) ? unwrap(property["value"]) : undefined;
    }
  }
  return run;
}
