import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Position } from "../definition/position.ts";
import type { Places } from "../graph/places.ts";
import { readCacheFile, writeCacheFile } from "./cache-file.ts";
import { projectPath } from "./project-path.ts";
import { thrownPlace } from "./thrown-place.ts";

/** Leads from places in a bundle to places in the sources, remembering those that were asked for. */
export interface PositionMap extends Places {
  /** The place in the sources; places that are not in the bundle only become relative to the project's folder. */
  source(position: Position): Position;
  /** The place in the project's own code that an error came from. */
  thrown(error: unknown): Position | undefined;
  /** Keeps what was asked for, so that the next process need not read the source map. */
  save(): void;
}

type Mapping = {
  readonly TraceMap: typeof TraceMap;
  readonly originalPositionFor: typeof originalPositionFor;
};

/** The positions of a bundle. Reads the source map only when a place is asked for that no earlier process asked for. */
export function positionMap(root: string, bundle: string, mapFile: string): PositionMap {
  const url = pathToFileURL(bundle).href;
  const file = mapFile.replace(/\.map$/, ".positions.json");
  let known: Map<string, Position> | undefined;
  let trace: ((line: number, column: number) => Position | undefined) | undefined;
  let added = false;
  return { source, thrown: (error) => thrownPlace(root, bundle, source, error), save };

  function source(position: Position): Position {
    if (position.file !== url && position.file !== bundle) {
      const isPath = position.file.startsWith("file://") || resolve(position.file) === position.file;
      return isPath ? { ...position, file: projectPath(root, position.file) } : position;
    }
    known ??= readPositions(file);
    const place = `${position.line}:${position.column}`;
    const remembered = known.get(place);
    if (remembered) return remembered;
    trace ??= openTrace(root, mapFile);
    const found = trace(position.line, position.column);
    if (found === undefined) return position;
    known.set(place, found);
    added = true;
    return found;
  }

  function save(): void {
    if (!added || known === undefined) return;
    added = false;
    const rows = [...known].map(([place, { file, line, column }]) => [place, file, line, column]);
    writeCacheFile(file, JSON.stringify(rows));
  }
}

function readPositions(file: string): Map<string, Position> {
  const positions = new Map<string, Position>();
  const rows = readCacheFile(file);
  if (!Array.isArray(rows)) return positions;
  for (const row of rows) {
    if (!Array.isArray(row)) return new Map();
    const [place, source, line, column] = row;
    if (typeof place !== "string" || typeof source !== "string") return new Map();
    if (typeof line !== "number" || typeof column !== "number") return new Map();
    positions.set(place, { file: source, line, column });
  }
  return positions;
}

function openTrace(root: string, mapFile: string): (line: number, column: number) => Position | undefined {
  // Loaded here and not above: most processes never need it.
  const mapping = createRequire(import.meta.url)("@jridgewell/trace-mapping") as Mapping;
  let map: TraceMap;
  try {
    map = new mapping.TraceMap(JSON.parse(readFileSync(mapFile, "utf8")));
  } catch {
    return () => undefined;
  }
  return (line, column) => {
    const found = mapping.originalPositionFor(map, { line, column: column - 1 });
    if (found.source === null) return undefined;
    // Names in a source map are addresses.
    const file = projectPath(root, resolve(dirname(mapFile), decodeURIComponent(found.source)));
    return { file, line: found.line, column: found.column + 1 };
  };
}
