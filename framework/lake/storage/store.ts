import type { Failure } from "../../definition/failure.ts";
import type { Result } from "../../definition/result.ts";

/** What a pointer held when it was read; only good for a swap. */
export type Tag = string;

export interface PointerValue {
  readonly bytes: Uint8Array;
  readonly tag: Tag;
}

/**
 * Where a lake's objects are. Keys are relative, `/`-separated, of `[a-z0-9._-]` segments that are neither `.` nor `..`;
 * an implementation refuses others as an internal error.
 *
 * Objects are written once and never change. Pointers change by compare-and-swap. The two never share a key. get, list,
 * create and swap are linearizable. A write that answers "exists" or "conflict" may have been applied all the same (a
 * client library's retry), as docs/protocol.md allows for.
 */
export interface Store {
  /** For people: "./.assets/lake", "s3://lake/prod". */
  readonly label: string;
  /** The bytes of an object; undefined where there is none. */
  get(key: string): Promise<Result<Uint8Array | undefined, Failure>>;
  /** Writes an object, unless there is one of that key. Durable once it answers. */
  create(key: string, bytes: Uint8Array): Promise<Result<"created" | "exists", Failure>>;
  /** Moves a file of this machine into the store as an object; the file is gone afterwards. Durable once it answers. */
  createFromFile(key: string, file: string): Promise<Result<"created" | "exists", Failure>>;
  /** A file of this machine with the object's bytes, to be read only; undefined where there is no such object. */
  localFile(key: string): Promise<Result<string | undefined, Failure>>;
  /** A fresh name for a file on this machine that `createFromFile` can take without copying. */
  temporaryFile(suffix: string): Promise<Result<string, Failure>>;
  /** The size of an object in bytes, without reading it; undefined where there is none. */
  size(key: string): Promise<Result<number | undefined, Failure>>;
  readPointer(key: string): Promise<Result<PointerValue | undefined, Failure>>;
  /** Moves a pointer from what `expected` names (undefined: from not being there). */
  swapPointer(
    key: string,
    bytes: Uint8Array,
    expected: Tag | undefined,
  ): Promise<Result<Tag | "conflict", Failure>>;
  /**
   * Keys of objects and pointers that begin with `prefix` (which ends at a `/` or is empty) and come after `after`,
   * sorted. A failure is the last thing that it gives.
   */
  list(prefix: string, after?: string): AsyncIterable<Result<string, Failure>>;
  /** Deletes an object or a pointer if it is there. */
  delete(key: string): Promise<Result<void, Failure>>;
}
