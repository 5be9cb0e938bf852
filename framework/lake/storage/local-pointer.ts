import { readdir, rename } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type FileIdentity, lookAt, readWhole, removeFile, syncFolder, unlessCode } from "./local-file.ts";
import type { LocalFolder } from "./local-folder.ts";

/*
 * Compare-and-swap on a folder.
 *
 * A pointer is a row of files `<key>~<number>`, its generations; the highest is the current one, and an empty one says
 * that the pointer was deleted. A swap writes a temporary file and links it to the number after the one it expects.
 * link(2) fails where the name is taken, so that of many writers that expect the same generation one wins. Reading
 * finds the highest number and opens it. No lock, so nobody who dies can leave one.
 *
 * Old generations have to go (trimming), and that opens one gap: a writer that was paused for long finds its number
 * free again, since it was trimmed, and its link succeeds. Such a file is *stray*. It lies far below the current
 * generation, so that nobody reads it; but the writer must be told "conflict". What makes that sure:
 *
 * (a) Trimming goes up from the lowest, stops at the first number it cannot remove, and keeps the last 64. So while
 *     generation n is there, n + 1 has never been trimmed; and a generation that was trimmed has 64 above it.
 * (b) After its link to n + 1 a writer looks whether n is still the very file that it expected, by node, time of
 *     writing and size, since a stray file could have the number. If it is, n + 1 was never trimmed before (a), so
 *     the link was the first to that number, onto the current generation: applied. If it is not, the file is stray,
 *     or it was applied and 64 others followed before this look. Either way the answer is "conflict", which the
 *     protocol allows for a write that was applied.
 * (c) The writer then removes its own file, but only where trimming would: otherwise writers that stand between link
 *     and look, one upon the other, could each take the removal of the one below for trimming, and undo a chain of
 *     good generations up to the current one. A stray file that stays (its writer died) goes with the next trimming.
 * (d) The first writer of all expects no generation, so that (b) has nothing to look at. Therefore trimming renames
 *     generation 1 to 0, in one step, and never removes 0: after its link to 1 a first writer looks that there is
 *     no 0. A pointer that was deleted keeps its empty generation, so that a later writer goes on from there.
 * (e) A reader that finds the generation gone lists again. One that was paused between listing and opening could open
 *     a stray file of that number; so it lists once more, and takes what it read only if trimming cannot have come
 *     near since. What it read was the highest while it listed first.
 */

/** How many generations trimming leaves. */
const kept = 64;
/** A swap to a number that this divides also trims. */
const trimEvery = 16;

const digits = 20;
const generationName = /^(.+)~(\d{20})$/;

/** A pointer's current generation as it was read. */
export interface Generation {
  readonly number: number;
  readonly identity: FileIdentity;
}

/** Splits a file name into the pointer's and the generation's number; undefined where it is no generation. */
export function parseGeneration(
  name: string,
): { readonly pointer: string; readonly number: number } | undefined {
  const match = generationName.exec(name);
  if (match?.[1] === undefined) return undefined;
  return { pointer: match[1], number: Number(match[2]) };
}

/** One pointer of a local lake. `path` is the key's; generations lie beside it. */
export class LocalPointer {
  readonly #folder: LocalFolder;
  readonly #key: string;
  readonly #path: string;

  constructor(folder: LocalFolder, key: string, path: string) {
    this.#folder = folder;
    this.#key = key;
    this.#path = path;
  }

  /** The current value; undefined where there never was one, or it was deleted. */
  async read(): Promise<(Generation & { readonly bytes: Uint8Array }) | undefined> {
    for (;;) {
      const number = (await this.#numbers()).at(-1);
      if (number === undefined) return undefined;
      const found = await readWhole(this.#fileOf(number));
      const highest = (await this.#numbers()).at(-1) ?? number;
      if (found === undefined || highest >= number + kept / 2) continue;
      return found.bytes.length === 0 ? undefined : { number, ...found };
    }
  }

  /** Whether it has a value. */
  async exists(): Promise<boolean> {
    for (;;) {
      const number = (await this.#numbers()).at(-1);
      if (number === undefined) return false;
      const found = await lookAt(this.#fileOf(number));
      if (found) return found.size > 0;
    }
  }

  /** Moves it from what `expected` says; undefined expects that it has no value. */
  async swap(bytes: Uint8Array, expected: Generation | undefined): Promise<Generation | "conflict"> {
    if (bytes.length === 0) throw new Error(`Internal error: an empty value for the pointer ${this.#key}`);
    const number = (await this.#numbers()).at(-1);
    const current = number === undefined ? undefined : await lookAt(this.#fileOf(number));
    if (expected === undefined) {
      if (number === undefined) return await this.#append(bytes, undefined);
      if (current?.size !== 0) return "conflict";
      return await this.#append(bytes, { number, identity: current.identity });
    }
    // Not needed for safety between writers, but it saves writing a file, and it finds out a lake that was removed and
    // made again, where the same numbers name other values.
    if (number !== expected.number || current?.identity !== expected.identity) return "conflict";
    return await this.#append(bytes, expected);
  }

  /** Leaves an empty generation, if it has a value. */
  async remove(): Promise<void> {
    for (;;) {
      const number = (await this.#numbers()).at(-1);
      if (number === undefined) return;
      const current = await lookAt(this.#fileOf(number));
      if (current === undefined) continue;
      if (current.size === 0) return;
      const done = await this.#append(new Uint8Array(), { number, identity: current.identity });
      if (done !== "conflict") return;
    }
  }

  /** Writes the generation after `previous`; undefined stands before the first. */
  async #append(bytes: Uint8Array, previous: Generation | undefined): Promise<Generation | "conflict"> {
    const number = (previous?.number ?? 0) + 1;
    const path = this.#fileOf(number);
    const temporary = await this.#folder.writeTemporary(bytes);
    try {
      if ((await this.#folder.linkTo(temporary.path, this.#key, path)) === "exists") return "conflict";
      const below = await lookAt(this.#fileOf(number - 1));
      if (below?.identity !== previous?.identity) {
        await this.#removeStray(number);
        return "conflict";
      }
      await syncFolder(dirname(path));
      if (number % trimEvery === 0) await this.#trim();
      return { number, identity: temporary.identity };
    } finally {
      await removeFile(temporary.path);
    }
  }

  async #removeStray(number: number): Promise<void> {
    const highest = (await this.#numbers()).at(-1) ?? 0;
    if (number <= highest - kept) await removeFile(this.#fileOf(number));
  }

  async #trim(): Promise<void> {
    const numbers = await this.#numbers();
    const last = (numbers.at(-1) ?? 0) - kept;
    try {
      for (const number of numbers) {
        if (number > last) return;
        if (number === 1) await rename(this.#fileOf(1), this.#fileOf(0)).catch(unlessCode("ENOENT"));
        else if (number > 1) await removeFile(this.#fileOf(number));
      }
    } catch {
      // The swap is done. Going on above a number that could not be removed would break (a); the next one tries again.
    }
  }

  /** The numbers of its generations, ascending. */
  async #numbers(): Promise<readonly number[]> {
    const name = basename(this.#path);
    const names = (await readdir(dirname(this.#path)).catch(unlessCode("ENOENT"))) ?? [];
    const numbers: number[] = [];
    for (const entry of names) {
      if (!entry.startsWith(name)) continue;
      const generation = parseGeneration(entry);
      if (generation?.pointer === name) numbers.push(generation.number);
    }
    return numbers.sort((a, b) => a - b);
  }

  #fileOf(number: number): string {
    return `${this.#path}~${String(number).padStart(digits, "0")}`;
  }
}
