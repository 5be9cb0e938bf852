import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileState } from "./file-state.ts";

export interface RememberedDigest {
  readonly digest: string;
  readonly state: FileState;
}

/** Digests of files by path, kept in a file between processes. It can be lost at any time, at the cost of reading again. */
export interface DigestCache {
  get(path: string): Promise<RememberedDigest | undefined>;
  set(path: string, remembered: RememberedDigest): void;
  /** Writes what is new to the file. */
  save(): Promise<void>;
}

const formatVersion = 1;

export function openDigestCache(file: string | undefined): DigestCache {
  let loaded: Promise<Map<string, RememberedDigest>> | undefined;
  const added = new Map<string, RememberedDigest>();
  return {
    async get(path) {
      loaded ??= file === undefined ? Promise.resolve(new Map()) : readCache(file);
      return added.get(path) ?? (await loaded).get(path);
    },
    set(path, remembered) {
      added.set(path, remembered);
    },
    async save() {
      if (file === undefined || added.size === 0) return;
      // Another process may have written in between; what both know is the same.
      const all = new Map([...(await readCache(file)), ...added]);
      await replaceFile(file, JSON.stringify({ formatVersion, files: Object.fromEntries(all) }));
      loaded = Promise.resolve(all);
      added.clear();
    },
  };
}

async function readCache(file: string): Promise<Map<string, RememberedDigest>> {
  try {
    const content: unknown = JSON.parse(await readFile(file, "utf8"));
    if (!isObject(content) || content["formatVersion"] !== formatVersion || !isObject(content["files"])) {
      return new Map();
    }
    return new Map(Object.entries(content["files"]).filter(isRemembered));
  } catch {
    return new Map();
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch {
    // Nothing is lost but the time to read the files again.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function isRemembered(entry: [string, unknown]): entry is [string, RememberedDigest] {
  const [, value] = entry;
  if (!isObject(value) || typeof value["digest"] !== "string" || !isObject(value["state"])) return false;
  const { state } = value;
  return ["size", "modified", "changed", "inode"].every((name) => typeof state[name] === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
