import { link, lstat, mkdir, open, readdir, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { newVersionId } from "../identifiers.ts";
import { errorCode, FolderFault } from "./local-failure.ts";
import { type FileIdentity, identityOf, removeFile, syncFolder, unlessCode } from "./local-file.ts";

/** The folder of the lake in which files are written before they get their names. No object key begins with it. */
export const temporaryFolder = "tmp";

const dayMs = 24 * 60 * 60 * 1000;

/** The folder that a local lake is in: its paths, its folders, and files that appear whole or not at all. */
export class LocalFolder {
  readonly root: string;
  readonly label: string;
  /** Folders known not to lead out of the lake. */
  readonly #inside = new Set<string>();
  /** Folders that exist and whose names are on disk. */
  readonly #made = new Set<string>();
  #realRoot: string | undefined;
  #cleaned: Promise<void> | undefined;

  /** No file is touched before the first use. */
  constructor(root: string, label: string) {
    this.root = root;
    this.label = label;
  }

  /** The path of a key. Refuses one whose folder leads out of the lake by a symbolic link; makes nothing. */
  async pathOf(key: string): Promise<string> {
    const path = join(this.root, key);
    const folder = dirname(path);
    if (this.#inside.has(folder)) return path;
    this.#realRoot ??= await realpath(this.root).catch(unlessCode("ENOENT"));
    const real = await realpath(folder).catch(unlessCode("ENOENT"));
    if (real === undefined || this.#realRoot === undefined) return path;
    if (real !== join(this.#realRoot, folder.slice(this.root.length))) throw this.#isLink(key);
    this.#inside.add(folder);
    return path;
  }

  /** Makes the folder of a key, level by level so that no link on the way is followed, and syncs the names. */
  async makeFolderOf(key: string): Promise<void> {
    await this.#makeRoot();
    let folder = this.root;
    for (const segment of key.split("/").slice(0, -1)) {
      const parent = folder;
      folder = join(folder, segment);
      if (this.#made.has(folder)) continue;
      await mkdir(folder).catch(unlessCode("EEXIST"));
      const found = await lstat(folder);
      if (found.isSymbolicLink()) throw this.#isLink(key);
      if (!found.isDirectory()) throw this.#isFile(key, folder);
      // Also when another process made it: that one may not have come to syncing it.
      await syncFolder(parent);
      this.#made.add(folder);
    }
  }

  async #makeRoot(): Promise<void> {
    if (this.#made.has(this.root)) return;
    const first = await mkdir(this.root, { recursive: true });
    // The folders above that are new must be on disk too, or the lake could vanish as a whole.
    for (let made = this.root; first !== undefined && made.length >= first.length; made = dirname(made)) {
      await syncFolder(dirname(made));
    }
    this.#made.add(this.root);
  }

  /** A fresh path in the temporary folder, which is made. */
  async temporaryPath(suffix: string): Promise<string> {
    await this.makeFolderOf(`${temporaryFolder}/`);
    this.#cleaned ??= this.#removeLeftovers();
    await this.#cleaned;
    return join(this.root, temporaryFolder, `${newVersionId()}${suffix}`);
  }

  /** Writes bytes to a temporary file, durably. */
  async writeTemporary(
    bytes: Uint8Array,
  ): Promise<{ readonly path: string; readonly identity: FileIdentity }> {
    const path = await this.temporaryPath("");
    const file = await this.#again(() => open(path, "wx"), `${temporaryFolder}/`);
    try {
      await file.writeFile(bytes);
      await file.sync();
      return { path, identity: identityOf(await file.stat({ bigint: true })) };
    } catch (error) {
      await removeFile(path);
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Gives a file a second name, that of `path` in the folder of `key`, unless something has that name already. */
  async linkTo(file: string, key: string, path: string): Promise<"created" | "exists"> {
    await this.makeFolderOf(key);
    try {
      await this.#again(() => link(file, path), key);
      return "created";
    } catch (error) {
      if (errorCode(error) === "EEXIST") return "exists";
      throw error;
    }
  }

  /** Does it a second time where the folder of `key` vanished since it was made: with the whole lake, perhaps. */
  async #again<T>(work: () => Promise<T>, key: string): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
      this.#made.clear();
      this.#inside.clear();
      this.#realRoot = undefined;
      await this.makeFolderOf(key);
      return await work();
    }
  }

  /** Removes what processes that were killed left behind. Nothing depends on it, so that it may fail. */
  async #removeLeftovers(): Promise<void> {
    const folder = join(this.root, temporaryFolder);
    const before = Date.now() - dayMs;
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const found = await lstat(path).catch(() => undefined);
      if (found && found.mtimeMs < before) await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }

  #isLink(key: string): FolderFault {
    return new FolderFault({
      reason: "lake-unusable",
      object: key,
      message: `the lake ${this.label} cannot be used: the folder of ${key} is a symbolic link`,
      hint: "remove the link; to keep the lake on another disk, name a folder there with ASSETS_LAKE",
    });
  }

  #isFile(key: string, path: string): FolderFault {
    return new FolderFault({
      reason: "lake-unusable",
      object: key,
      message: `the lake ${this.label} cannot be used: ${path} is a file, and should be a folder`,
      hint: "move the file away, or name another lake with ASSETS_LAKE",
    });
  }
}
