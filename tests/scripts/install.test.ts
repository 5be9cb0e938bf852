import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureInstalled, InstallFault, isInstalled } from "../../scripts/install.js";

let root = "";
let told = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "install-"));
  told = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const lock = (packages: object): void =>
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages }));

const present = (packages: object): void => {
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));
};

const yargs = { version: "18.0.0", integrity: "sha512-a" };
const needed = { "": { name: "shop" }, "node_modules/yargs": yargs };

describe("isInstalled", () => {
  it("is so when every package is there in its version", () => {
    lock(needed);
    present({ "node_modules/yargs": yargs });
    expect(isInstalled(root, { dev: true })).toBe(true);
  });

  it.each([
    ["nothing was installed", undefined],
    ["a package is missing", {}],
    ["a package has another version", { "node_modules/yargs": { ...yargs, version: "17.0.0" } }],
    ["a package has another content", { "node_modules/yargs": { ...yargs, integrity: "sha512-b" } }],
    [
      "the folder came from another system",
      { "node_modules/yargs": yargs, "node_modules/x": { version: "1.0.0", os: ["no-such-system"] } },
    ],
    [
      "the folder came from another processor",
      { "node_modules/yargs": yargs, "node_modules/x": { version: "1.0.0", cpu: [`!${process.arch}`] } },
    ],
  ])("is not when %s", (_, packages) => {
    lock(needed);
    if (packages) present(packages);
    expect(isInstalled(root, { dev: true })).toBe(false);
  });

  it("asks for packages for development only where they are needed", () => {
    lock({ ...needed, "node_modules/vitest": { version: "4.0.0", dev: true } });
    present({ "node_modules/yargs": yargs });
    expect([isInstalled(root, { dev: false }), isInstalled(root, { dev: true })]).toEqual([true, false]);
  });

  it("does not ask for what is optional", () => {
    lock({ ...needed, "node_modules/fsevents": { version: "2.0.0", optional: true, os: ["darwin"] } });
    present({ "node_modules/yargs": { ...yargs, os: [process.platform], cpu: ["!other"] } });
    expect(isInstalled(root, { dev: true })).toBe(true);
  });

  it("says so when there is no lock file", () => {
    expect(() => isInstalled(root, { dev: true })).toThrow(InstallFault);
  });
});

describe("ensureInstalled", () => {
  /** Has this program run in place of npm; it also notes each call in a file `calls`. */
  const npm = (program: string): void => {
    const path = join(root, "npm-cli.js");
    writeFileSync(
      path,
      `const fs = require("node:fs"); fs.appendFileSync("calls", process.argv.slice(2, 3) + " "); ${program}`,
    );
    vi.stubEnv("npm_execpath", path);
  };
  const installs = `setTimeout(() => {
    fs.mkdirSync("node_modules", { recursive: true });
    fs.writeFileSync("node_modules/.package-lock.json", fs.readFileSync("package-lock.json"));
  }, 50);`;
  const calls = (): string =>
    existsSync(join(root, "calls")) ? readFileSync(join(root, "calls"), "utf8") : "";

  it("installs once, and says so", async () => {
    lock(needed);
    npm(installs);
    expect(await ensureInstalled(root, { dev: true })).toBe(true);
    expect(await ensureInstalled(root, { dev: true })).toBe(false);
    expect(calls()).toBe("ci ");
    expect(told).toMatch(/^Installing the packages of package-lock\.json …\nInstalled in \d+\.\d s\.\n$/);
  });

  it("installs once when asked twice at the same time", async () => {
    lock(needed);
    npm(installs);
    const both = await Promise.all([
      ensureInstalled(root, { dev: true }),
      ensureInstalled(root, { dev: true }),
    ]);
    expect(both.sort()).toEqual([false, true]);
    expect(calls()).toBe("ci ");
  });

  it("can be tried again after a failure", async () => {
    lock(needed);
    npm("process.exitCode = 1;");
    await expect(ensureInstalled(root, { dev: true })).rejects.toThrow(InstallFault);
    npm(installs);
    expect(await ensureInstalled(root, { dev: true })).toBe(true);
  });

  it.each([
    [
      "npm error code EUSAGE",
      "package.json and package-lock.json do not agree: run `npm install`, and commit both.",
    ],
    ["npm error code ENOTFOUND", "The registry cannot be reached: check the network"],
    ["npm error code ENOSPC", "The disk is full: make room"],
    ["npm error code EACCES", "node_modules cannot be written: see who owns it"],
    ["npm error something else", "Run `npm ci` to see all of it"],
  ])("passes on %j with what to do", async (words, remedy) => {
    lock(needed);
    npm(`console.error(${JSON.stringify(words)}); process.exitCode = 1;`);
    const fault = await ensureInstalled(root, { dev: true }).catch((error: unknown) => error);
    expect(String(fault)).toContain(`npm ci failed (exit code 1).\n${words}\n\n${remedy}`);
  });

  it("leaves npm's page of options out", async () => {
    lock(needed);
    npm(
      `console.error("npm error code EUSAGE\\nnpm error\\nnpm error not in sync\\nnpm error Clean install a project\\nnpm error Usage:\\nnpm error npm ci"); process.exitCode = 1;`,
    );
    const fault = await ensureInstalled(root, { dev: true }).catch((error: unknown) => error);
    expect(String(fault)).toContain("npm error code EUSAGE\nnpm error not in sync\n\npackage.json and");
  });
});
