import type { GenericSchema } from "valibot";
import type { Failure } from "../definition/failure.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { formatVersion } from "./records.ts";

/** A kind of file that the lake keeps. */
export interface RecordForm<T> {
  /** Loaded when it is needed: a plan that finds nothing to do needs none. */
  readonly schema: () => Promise<GenericSchema<unknown, T>>;
  /** Says yes at once where the schema would; left out where the schema is quick enough. */
  readonly isSound?: (value: unknown) => value is T;
}

/** The file that is read, for messages. */
export interface RecordPlace {
  /** The lake's label. */
  readonly lake: string;
  readonly object: string;
  /** What to do where it is damaged. */
  readonly remedy: string;
}

/** Reads a file of the lake. Never trusts it: a damaged one, and one of another format, is a failure that names it. */
export async function parseRecord<T>(
  bytes: Uint8Array,
  form: RecordForm<T>,
  place: RecordPlace,
): Promise<Result<T, Failure>> {
  const parsed = parseStored(bytes, place);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (form.isSound?.(value)) return ok(value);
  const { getDotPath, safeParse } = await import("valibot");
  const checked = safeParse(await form.schema(), value, { abortEarly: true });
  // What was parsed is passed on rather than the schema's copy of it: the copy lacks fields that a later version added
  // beside ours, and a swap would lose them.
  if (checked.success && form.isSound === undefined) return ok(value as T);
  const issue = checked.issues?.[0];
  const where = issue ? (getDotPath(issue) ?? "the file") : "the file";
  return err(damaged(place, issue ? `${where}: ${issue.message}` : `${where} is not of its form`));
}

/** The JSON of a file of the lake, if it is of the format that this program knows. */
export function parseStored(
  bytes: Uint8Array,
  place: RecordPlace,
): Result<{ readonly [name: string]: unknown }, Failure> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return err(damaged(place, `its ${bytes.length} bytes are not whole JSON`));
  }
  if (typeof value !== "object" || value === null || !("formatVersion" in value)) {
    return err(damaged(place, "it carries no formatVersion"));
  }
  if (value.formatVersion !== formatVersion) return err(unknownFormat(place, value.formatVersion));
  return ok(value as { readonly [name: string]: unknown });
}

export function damaged(place: RecordPlace, what: string): Failure {
  return {
    reason: "lake-corrupt",
    object: place.object,
    message: `${place.object} in the lake ${place.lake} is damaged: ${what}`,
    hint: place.remedy,
  };
}

function unknownFormat(place: RecordPlace, found: unknown): Failure {
  return {
    reason: "format-unknown",
    object: place.object,
    found,
    message: `${place.object} in the lake ${place.lake} has formatVersion ${JSON.stringify(found)}; this program knows ${formatVersion}`,
    hint: "it was written by another version of this program: use that one, or name another lake with ASSETS_LAKE",
  };
}

/** The bytes of a file that people may want to read. */
export function recordBytes(record: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`);
}
