import type { Position } from "../definition/position.ts";
import type { RenderedText } from "../definition/sql.ts";
import { childrenOf, isNode, nodesIn, type SyntaxNode } from "./syntax-tree.ts";

/** Parses the text of a module into its syntax tree; undefined where it is none. */
export type ParseModule = (path: string, text: string) => SyntaxNode | undefined;

/**
 * The place in a source file that an offset of a rendered statement comes from. Within a template's own text it is the
 * very character; within a parameter it is the `${` that stands for it. Undefined where the template is not where the
 * statement says.
 */
export function templatePlace(
  pieces: readonly RenderedText[],
  offset: number,
  read: (file: string) => string | undefined,
  parse: ParseModule,
): Position | undefined {
  // The piece that holds the offset, or the last one before it. What sql.raw and sql.join add stands in no template.
  const placed = pieces.filter((piece) => piece.template !== undefined);
  const piece = placed.findLast((one) => one.offset <= offset) ?? placed[0];
  const template = piece?.template;
  if (piece === undefined || template === undefined) return undefined;
  const text = read(template.file);
  const root = text === undefined ? undefined : parse(template.file, text);
  const start = text === undefined ? -1 : offsetOf(text, template);
  if (text === undefined || root === undefined || start < 0) return template;
  const found = taggedTemplate(root, start);
  const quasi = found && quasiOf(found, pieces, piece);
  if (quasi === undefined) return template;
  const inside = Math.min(Math.max(offset - piece.offset, 0), piece.text.length);
  return placeOf(text, template.file, quasi.start + rawLength(rawText(quasi, text), inside));
}

/** The innermost template whose tag stands at a place. */
function taggedTemplate(node: SyntaxNode, at: number): SyntaxNode | undefined {
  if (at < node.start || at > node.end) return undefined;
  for (const child of childrenOf(node)) {
    const found = taggedTemplate(child, at);
    if (found) return found;
  }
  const tag = node.type === "TaggedTemplateExpression" ? node["tag"] : undefined;
  return isNode(tag) && at >= tag.start && at <= tag.end ? node : undefined;
}

/**
 * The stretch of the template that a piece is made of. Several may hold equal text, and a template may be rendered more
 * than once: the pieces of one template come in order and start over.
 */
function quasiOf(
  tagged: SyntaxNode,
  pieces: readonly RenderedText[],
  piece: RenderedText,
): SyntaxNode | undefined {
  const template = tagged["quasi"];
  if (!isNode(template)) return undefined;
  const equal = nodesIn(template, "quasis").filter((quasi) => cookedText(quasi) === piece.text);
  const before = pieces
    .slice(0, pieces.indexOf(piece))
    .filter((other) => other.text === piece.text && samePlace(other.template, piece.template));
  return equal[before.length % Math.max(equal.length, 1)] ?? undefined;
}

function samePlace(a: Position | undefined, b: Position | undefined): boolean {
  return a?.file === b?.file && a?.line === b?.line && a?.column === b?.column;
}

function cookedText(quasi: SyntaxNode | null): string | undefined {
  const { value } = (quasi ?? {}) as { value?: { cooked?: string | null } };
  return value?.cooked?.replaceAll("\r\n", "\n");
}

function rawText(quasi: SyntaxNode, text: string): string {
  return text.slice(quasi.start, quasi.end);
}

/** How many characters of the source make the first `count` characters of what they mean. */
function rawLength(raw: string, count: number): number {
  const step = /\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])|\r\n|[\s\S]/g;
  let meant = 0;
  let length = 0;
  for (const [text] of raw.matchAll(step)) {
    if (meant >= count) break;
    length += text.length;
    // A line break after a backslash means nothing; a point beyond the first plane is two characters.
    const isContinuation = text.startsWith("\\") && /^\\[\r\n\u2028\u2029]/.test(text);
    const point = /^\\u\{([0-9a-fA-F]+)\}$/.exec(text)?.[1];
    meant += isContinuation ? 0 : point !== undefined && Number.parseInt(point, 16) > 0xffff ? 2 : 1;
  }
  return length;
}

function offsetOf(text: string, { line, column }: Position): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const end = text.indexOf("\n", start);
    if (end < 0) return -1;
    start = end + 1;
  }
  return start + column - 1;
}

function placeOf(text: string, file: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { file, line: before.split("\n").length, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}
