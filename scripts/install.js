import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {{
 *   version?: string, integrity?: string, dev?: boolean, optional?: boolean, devOptional?: boolean,
 *   os?: string[], cpu?: string[],
 * }} LockedPackage
 */

/** npm could not install; the message holds its own words and what to do. */
export class InstallFault extends Error {
  /** @override */
  name = "InstallFault";
}

/**
 * Installs what package-lock.json asks for and node_modules does not hold.
 *
 * @param {string} root the project's folder
 * @param {{ dev: boolean }} need whether the packages for development are needed too
 * @returns {Promise<boolean>} whether there was something to install
 */
export async function ensureInstalled(root, need) {
  if (isInstalled(root, need)) return false;
  // Two at once would delete each other's packages.
  const release = await acquireLock(root);
  try {
    if (isInstalled(root, need)) return false;
    process.stderr.write("Installing the packages of package-lock.json …\n");
    const startedMs = Date.now();
    await runNpmCi(root);
    process.stderr.write(`Installed in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.\n`);
    return true;
  } finally {
    release();
  }
}

/**
 * Whether node_modules holds what package-lock.json says, going by the record that npm keeps of it. npm writes that
 * record last, so an installation that was broken off has none.
 *
 * @param {string} root
 * @param {{ dev: boolean }} need
 */
export function isInstalled(root, need) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (!wanted)
    throw new InstallFault(
      `There is no readable package-lock.json in ${root}. Restore it: git checkout package-lock.json`,
    );
  if (!present) return false;
  for (const [path, { version, integrity, ...locked }] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = present[path];
    if (found) {
      if (found.version !== version || found.integrity !== integrity) return false;
    } else if (!(locked.optional || locked.devOptional || (locked.dev && !need.dev))) {
      return false;
    }
  }
  // Machine code for another system: the folder came from elsewhere, such as a volume shared with a container.
  return Object.values(present).every(({ os, cpu }) => fits(os, process.platform) && fits(cpu, process.arch));
}

/**
 * @param {readonly string[] | undefined} allowed names, or names to exclude after a `!`
 * @param {string} name
 */
function fits(allowed, name) {
  if (!allowed || allowed.length === 0) return true;
  if (allowed.includes(`!${name}`)) return false;
  return allowed.includes(name) || allowed.every((entry) => entry.startsWith("!"));
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} root */
async function runNpmCi(root) {
  // Not at the top: loading them costs more than finding out that nothing is to be done.
  const { spawn } = await import("node:child_process");
  const parameters = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  // The npm that runs us, if one does; it may not be the one on the path.
  const npm = process.env["npm_execpath"];
  const child = npm?.endsWith(".js")
    ? spawn(process.execPath, [npm, ...parameters], { cwd: root, stdio: ["ignore", "ignore", "pipe"] })
    : spawn("npm", parameters, {
        cwd: root,
        stdio: ["ignore", "ignore", "pipe"],
        shell: process.platform === "win32",
      });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    words += text;
  });
  const outcome = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code === 0 ? undefined : `exit code ${code ?? signal}`));
  });
  if (outcome === undefined) return;
  throw new InstallFault(`npm ci failed (${outcome}).\n${startOf(words)}\n\n${remedyFor(words)}`);
}

/**
 * The beginning of what npm said, without its page of options.
 *
 * @param {string} words
 */
function startOf(words) {
  const lines = words.split("\n").filter((line) => !/^npm error\s*$|^\s*$/.test(line));
  const usage = lines.findIndex((line) => /^npm error (Clean install|Usage:)/.test(line));
  return lines.slice(0, Math.min(usage === -1 ? lines.length : usage, 12)).join("\n");
}

/** @param {string} words of npm */
function remedyFor(words) {
  if (/EUSAGE|not in sync/.test(words)) {
    return "package.json and package-lock.json do not agree: run `npm install`, and commit both.";
  }
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network/.test(words)) {
    return "The registry cannot be reached: check the network, proxy and `npm config get registry`, then try again.";
  }
  if (/ENOSPC/.test(words)) return "The disk is full: make room, then try again.";
  if (/EACCES|EPERM/.test(words)) {
    return "node_modules cannot be written: see who owns it, or delete it, then try again.";
  }
  return "Run `npm ci` to see all of it; deleting node_modules first sometimes helps.";
}

/**
 * Waits until nobody else installs into this folder.
 *
 * @param {string} root
 * @returns {Promise<() => void>} gives the lock back
 */
async function acquireLock(root) {
  const [{ createHash }, { tmpdir }, { setTimeout: wait }] = await Promise.all([
    import("node:crypto"),
    import("node:os"),
    import("node:timers/promises"),
  ]);
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const lock = join(tmpdir(), `assets-install-${name}.lock`);
  const mine = `${lock}.${process.pid}`;
  let told = false;
  for (;;) {
    try {
      // A link appears with its content, unlike a file that is created and then written.
      writeFileSync(mine, String(process.pid));
      linkSync(mine, lock);
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    } finally {
      rmSync(mine, { force: true });
    }
    if (isAlive(lock)) {
      if (!told) process.stderr.write("Another process is installing into this folder; waiting for it …\n");
      told = true;
      await wait(200);
    } else {
      rmSync(lock, { force: true });
    }
  }
}

/** @param {string} lock holds the number of the process that made it */
function isAlive(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
