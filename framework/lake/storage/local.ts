import { constants } from "node:fs";
import { copyFile, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Failure } from "../../definition/failure.ts";
import { err, ok, type Result } from "../../definition/result.ts";
import { limitConcurrency } from "./limit-concurrency.ts";
import { errorCode, FolderFault, failureOf } from "./local-failure.ts";
import { lookAt, readObject, removeFile, syncFile, syncFolder, unlessCode } from "./local-file.ts";
import { LocalFolder, temporaryFolder } from "./local-folder.ts";
import { type Generation, LocalPointer, parseGeneration } from "./local-pointer.ts";
import { assertKeyPrefix, assertObjectKey, isKeySegment } from "./object-key.ts";
import type { PointerValue, Store, Tag } from "./store.ts";

/** How many files are worked on at once. */
const concurrency = 32;

/**
 * A lake in a folder of this machine (or of a file system that it shares, if that has hard links and sees names at
 * once). Nothing is touched before the first use; reading from a folder that does not exist finds nothing and makes
 * nothing. `label` is what to call it to people.
 */
export function openLocalStore(root: string, label: string = root): Store {
  return new LocalStore(resolve(root), label);
}

class LocalStore implements Store {
  readonly label: string;
  readonly #folder: LocalFolder;
  readonly #limited = limitConcurrency(concurrency);

  constructor(root: string, label: string) {
    this.label = label;
    this.#folder = new LocalFolder(root, label);
  }

  get(key: string): Promise<Result<Uint8Array | undefined, Failure>> {
    return this.#at(key, readObject);
  }

  create(key: string, bytes: Uint8Array): Promise<Result<"created" | "exists", Failure>> {
    return this.#at(key, async (path) => {
      const temporary = await this.#folder.writeTemporary(bytes);
      try {
        return await this.#publish(temporary.path, key, path);
      } finally {
        await removeFile(temporary.path);
      }
    });
  }

  createFromFile(key: string, file: string): Promise<Result<"created" | "exists", Failure>> {
    return this.#at(key, async (path) => {
      if ((await lookAt(file))?.kind !== "file") throw new Error(`Internal error: ${file} is not a file`);
      await syncFile(file);
      const outcome = await this.#publish(file, key, path).catch(async (error) => {
        // Another device; or a file that this user may read but not link.
        if (errorCode(error) !== "EXDEV" && errorCode(error) !== "EPERM") throw error;
        return await this.#publishCopy(file, key, path);
      });
      await removeFile(file);
      return outcome;
    });
  }

  localFile(key: string): Promise<Result<string | undefined, Failure>> {
    return this.#at(key, async (path) => ((await this.#file(key, path)) ? path : undefined));
  }

  async temporaryFile(suffix: string): Promise<Result<string, Failure>> {
    if (suffix !== "" && !isKeySegment(suffix)) {
      throw new Error(`Internal error: ${JSON.stringify(suffix)} cannot end a file's name`);
    }
    return await this.#attempt(`${temporaryFolder}/`, () => this.#folder.temporaryPath(suffix));
  }

  size(key: string): Promise<Result<number | undefined, Failure>> {
    return this.#at(key, async (path) => (await this.#file(key, path))?.size);
  }

  readPointer(key: string): Promise<Result<PointerValue | undefined, Failure>> {
    return this.#at(key, async (path) => {
      const found = await new LocalPointer(this.#folder, key, path).read();
      return found && { bytes: found.bytes, tag: tagOf(found) };
    });
  }

  async swapPointer(
    key: string,
    bytes: Uint8Array,
    expected: Tag | undefined,
  ): Promise<Result<Tag | "conflict", Failure>> {
    const generation = expected === undefined ? undefined : parseTag(expected);
    return await this.#at(key, async (path) => {
      const outcome = await new LocalPointer(this.#folder, key, path).swap(bytes, generation);
      return outcome === "conflict" ? outcome : tagOf(outcome);
    });
  }

  async *list(prefix: string, after = ""): AsyncIterable<Result<string, Failure>> {
    assertKeyPrefix(prefix);
    const start = await this.#attempt(prefix, () => this.#folder.pathOf(`${prefix}x`));
    if (start.ok) yield* this.#walk(dirname(start.value), prefix, after);
    else yield start;
  }

  delete(key: string): Promise<Result<void, Failure>> {
    return this.#at(key, async (path) => {
      await removeFile(path);
      await new LocalPointer(this.#folder, key, path).remove();
      if (await lookAt(dirname(path))) await syncFolder(dirname(path));
    });
  }

  async #publish(file: string, key: string, path: string): Promise<"created" | "exists"> {
    const outcome = await this.#folder.linkTo(file, key, path);
    // Also when it was there: who wrote it may not have come to this, and the caller builds upon it.
    await syncFolder(dirname(path));
    return outcome;
  }

  async #publishCopy(file: string, key: string, path: string): Promise<"created" | "exists"> {
    const copy = await this.#folder.temporaryPath("");
    try {
      await copyFile(file, copy, constants.COPYFILE_FICLONE);
      await syncFile(copy);
      return await this.#publish(copy, key, path);
    } finally {
      await removeFile(copy);
    }
  }

  /** What is at an object's path, if it is a file. A symbolic link could lead anywhere. */
  async #file(key: string, path: string): Promise<{ readonly size: number } | undefined> {
    const found = await lookAt(path);
    if (found?.kind !== "link") return found?.kind === "file" ? found : undefined;
    throw new FolderFault({
      reason: "lake-unusable",
      object: key,
      message: `the lake ${this.label} cannot be used: ${key} is a symbolic link`,
      hint: "remove the link; the lake holds plain files only",
    });
  }

  async *#walk(folder: string, prefix: string, after: string): AsyncIterable<Result<string, Failure>> {
    const entries = await this.#attempt(prefix, () => this.#entries(folder, prefix));
    if (!entries.ok) {
      yield entries;
      return;
    }
    for (const { key, kind } of entries.value) {
      // A folder's key ends at a "/": some of what is in it comes after `after` unless all does or nothing does.
      if (kind === "folder") {
        if (key > after || after.startsWith(key)) yield* this.#walk(join(this.#folder.root, key), key, after);
      } else if (key > after) {
        const pointer = new LocalPointer(this.#folder, key, join(this.#folder.root, key));
        const there = kind === "object" ? ok(true) : await this.#attempt(key, () => pointer.exists());
        if (!there.ok) yield there;
        else if (there.value) yield ok(key);
      }
    }
  }

  /** What is in a folder, in the order of the keys: that of a folder as if it ended at a `/`, as all keys in it do. */
  async #entries(folder: string, prefix: string): Promise<readonly Entry[]> {
    const found = (await readdir(folder, { withFileTypes: true }).catch(unlessCode("ENOENT"))) ?? [];
    const entries = new Map<string, Entry>();
    for (const entry of found) {
      const generation = parseGeneration(entry.name);
      const name = generation?.pointer ?? entry.name;
      // Others may put their files beside ours; what cannot be a key of ours is none.
      if (!isKeySegment(name) || (prefix === "" && name === temporaryFolder)) continue;
      if (entry.isFile()) {
        entries.set(name, { key: `${prefix}${name}`, kind: generation ? "pointer" : "object" });
      } else if (entry.isDirectory() && !generation) {
        entries.set(`${name}/`, { key: `${prefix}${name}/`, kind: "folder" });
      }
    }
    return [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async #at<T>(key: string, work: (path: string) => Promise<T>): Promise<Result<T, Failure>> {
    assertObjectKey(key);
    if (key.split("/")[0] === temporaryFolder) {
      throw new Error(`Internal error: ${key} is in the folder of temporary files`);
    }
    return await this.#attempt(key, async () => await work(await this.#folder.pathOf(key)));
  }

  /** Does a piece of work in its turn, and turns what the file system throws into a failure. */
  #attempt<T>(object: string, work: () => Promise<T>): Promise<Result<T, Failure>> {
    return this.#limited(async () => {
      try {
        return ok(await work());
      } catch (error) {
        return err(failureOf(error, { label: this.label, object }));
      }
    });
  }
}

interface Entry {
  readonly key: string;
  readonly kind: "object" | "pointer" | "folder";
}

function tagOf(generation: Generation): Tag {
  return `${generation.number}:${generation.identity}`;
}

function parseTag(tag: Tag): Generation {
  const [number, identity] = tag.split(":");
  if (identity === undefined || !/^\d+$/.test(number ?? "")) {
    throw new Error(`Internal error: ${JSON.stringify(tag)} is not a tag of this store`);
  }
  return { number: Number(number), identity };
}
