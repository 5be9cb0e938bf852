import { testedRows } from "./page-tables.ts";

/** A field of a shape, as one row of its table says. */
interface Field {
  /** `steps[].make`, as the page has it, for messages and for what was seen. */
  readonly label: string;
  readonly segments: readonly Segment[];
  readonly isOptional: boolean;
  readonly types: readonly string[];
  /** The tags of the objects that have it; undefined for all. */
  readonly of: readonly string[] | undefined;
}

/** A step into a value: a property of that name, any property, or any item of a list. */
type Segment =
  | { readonly into: "property"; readonly name: string }
  | { readonly into: "any" }
  | { readonly into: "items" };

interface Shape {
  readonly fields: readonly Field[];
  /** The property that tells the members of a union apart. */
  readonly tag: string | undefined;
}

/** The shapes that a page describes, and what of them has been seen so far. */
export interface PageShapes {
  /** What keeps a value from being of a shape, each with its place; notes the fields that it has. */
  faults(shape: string, value: unknown): readonly string[];
  /** Fields of the page that no value had, as `shape field (tag)`. */
  unseen(): readonly string[];
  /** The values in quotes that a field lists. */
  literals(shape: string, field: string): readonly string[];
}

const shapeMark = /<!-- shape: (.+?)(?: by (\w+))? -->/g;

export function readShapes(page: string): PageShapes {
  const shapes = new Map<string, Shape>();
  for (const [mark, name = "", tag] of page.matchAll(shapeMark)) {
    if (shapes.has(name)) throw new Error(`the page has two shapes "${name}"`);
    shapes.set(name, { tag, fields: testedRows(page, mark).map((cells) => fieldOf(cells, tag)) });
  }
  const seen = new Set<string>();

  function shapeOf(name: string): Shape {
    const shape = shapes.get(name);
    if (shape === undefined) throw new Error(`the page has no shape "${name}"`);
    return shape;
  }

  function check(name: string, value: unknown, path: string): readonly string[] {
    const { fields, tag } = shapeOf(name);
    const itself = fields.find(({ segments }) => segments.length === 0);
    if (itself) {
      seen.add(`${name} ${itself.label}`);
      return checkTypes(itself.types, value, path);
    }
    const of = tag === undefined ? undefined : String(read(value, tag));
    const own = fields.filter(
      (field) => field.of === undefined || field.of.some((tags) => matches(tags, of)),
    );
    for (const field of own) {
      for (const key of seenKeys(name, field, of))
        if (valuesAt(value, field.segments).length > 0) seen.add(key);
    }
    return [
      ...own.flatMap((field) => missing(value, field, path)),
      ...own.flatMap((field) => {
        return valuesAt(value, field.segments).flatMap((found) =>
          checkTypes(field.types, found.value, `${path}${found.path}`),
        );
      }),
      ...unknownLeaves(value, own, path),
    ];
  }

  function checkTypes(types: readonly string[], value: unknown, path: string): readonly string[] {
    if (types.some((type) => isPlain(type) && fits(type, value))) return [];
    const shape = types.find((type) => !isPlain(type));
    if (shape !== undefined && value !== null) return check(shape, value, path);
    return [`${path} is ${JSON.stringify(value)}, not ${types.join(" or ")}`];
  }

  return {
    faults: (shape, value) => check(shape, value, shape),
    unseen: () =>
      [...shapes].flatMap(([name, { fields }]) =>
        fields.flatMap((field) => {
          const keys = field.segments.length === 0 ? [`${name} ${field.label}`] : allKeys(name, field);
          return keys.filter((key) => !seen.has(key));
        }),
      ),
    literals: (shape, field) => {
      const found = shapeOf(shape).fields.find(({ label }) => label === field);
      if (found === undefined) throw new Error(`the page's shape "${shape}" has no field "${field}"`);
      return found.types.map((type) => JSON.parse(type));
    },
  };
}

function fieldOf(cells: readonly string[], tag: string | undefined): Field {
  const [label = "", type = "", tags = ""] = cells;
  const isOptional = label.endsWith("?");
  const path = label.replace(/\?$/, "");
  const segments = path.split(".").flatMap((part): readonly Segment[] => {
    const [, name = "", items = ""] = /^(.*?)((?:\[\])*)$/.exec(part) ?? [];
    const own: readonly Segment[] = name === "" ? [] : [segmentOf(name)];
    return [...own, ...Array.from({ length: items.length / 2 }, () => ({ into: "items" }) as const)];
  });
  const of = tag === undefined || tags === "all" ? undefined : tags.split(", ");
  return { label, segments, isOptional, types: typesOf(type), of };
}

function segmentOf(name: string): Segment {
  return name.startsWith("<") ? { into: "any" } : { into: "property", name };
}

/** `[token](#token) or null` as `token` and `null`; literals as JSON. */
function typesOf(text: string): readonly string[] {
  return text.split(/, | or /).map((part) => part.replaceAll("`", "").replace(/^\[(.*)\]\(.*\)$/, "$1"));
}

const plain = ["string", "number", "boolean", "null", "any"];

function isPlain(type: string): boolean {
  return plain.includes(type) || /^("|\d|true$)/.test(type);
}

function fits(type: string, value: unknown): boolean {
  if (type === "any") return true;
  if (type === "null") return value === null;
  return plain.includes(type) ? typeof value === type : JSON.stringify(value) === type;
}

interface Found {
  readonly value: unknown;
  readonly path: string;
}

/** All values that a path leads to. */
function valuesAt(value: unknown, segments: readonly Segment[]): readonly Found[] {
  let found: readonly Found[] = [{ value, path: "" }];
  for (const segment of segments) {
    found = found.flatMap((at) =>
      entriesOf(at.value, segment).map(([name, inner]) => ({ value: inner, path: at.path + name })),
    );
  }
  return found;
}

function entriesOf(value: unknown, segment: Segment): readonly (readonly [name: string, value: unknown])[] {
  if (typeof value !== "object" || value === null) return [];
  switch (segment.into) {
    case "items":
      return Array.isArray(value) ? value.map((item, index) => [`[${index}]`, item] as const) : [];
    case "any":
      return Object.entries(value).map(([name, inner]) => [`.${name}`, inner] as const);
    case "property":
      return Object.hasOwn(value, segment.name) ? [[`.${segment.name}`, read(value, segment.name)]] : [];
  }
}

function read(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Properties that a field requires and that are not there. An empty list has no items to require anything of. */
function missing(value: unknown, { segments, isOptional, label }: Field, path: string): readonly string[] {
  if (isOptional) return [];
  return segments.flatMap((segment, index) => {
    if (segment.into !== "property") return [];
    const lacking = valuesAt(value, segments.slice(0, index)).filter(
      (at) => entriesOf(at.value, segment).length === 0,
    );
    return lacking.map((at) => `${path}${at.path} has no ${segment.name} (${label})`);
  });
}

/** Values in an object that no field of it leads to or through. */
function unknownLeaves(value: unknown, fields: readonly Field[], path: string): readonly string[] {
  const leaves: string[] = [];
  visit(
    value,
    fields.map(({ segments }) => segments),
    "",
  );
  return leaves;

  function visit(at: unknown, rests: readonly (readonly Segment[])[], place: string): void {
    if (rests.some((rest) => rest.length === 0)) return;
    if (typeof at !== "object" || at === null) {
      leaves.push(`${path}${place} is not in the page`);
      return;
    }
    const isList = Array.isArray(at);
    for (const [name, inner] of Object.entries(at)) {
      const inside = rests.filter(([first]) => {
        if (first === undefined || isList !== (first.into === "items")) return false;
        return first.into !== "property" || first.name === name;
      });
      const here = `${place}${isList ? `[${name}]` : `.${name}`}`;
      if (inside.length === 0) leaves.push(`${path}${here} is not in the page`);
      else
        visit(
          inner,
          inside.map((rest) => rest.slice(1)),
          here,
        );
    }
  }
}

function matches(tags: string, tag: string | undefined): boolean {
  return tags.endsWith("*") ? (tag?.startsWith(tags.slice(0, -1)) ?? false) : tags === tag;
}

/** The names under which a field is noted as seen: one for each of the tags that it is of. */
function allKeys(shape: string, field: Field): readonly string[] {
  return (field.of ?? [""]).map((tags) => `${shape} ${field.label}${tags === "" ? "" : ` (${tags})`}`);
}

function seenKeys(shape: string, field: Field, tag: string | undefined): readonly string[] {
  if (field.of === undefined) return allKeys(shape, field);
  return field.of.filter((tags) => matches(tags, tag)).map((tags) => `${shape} ${field.label} (${tags})`);
}
