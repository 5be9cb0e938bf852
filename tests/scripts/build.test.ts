import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BuildFault, currentBuild, ensureBuilt } from "../../scripts/build.js";

const repository = join(import.meta.dirname, "..", "..");
let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "build-"));
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  for (const path of ["scripts/build.js", "scripts/lazy-unicode.js", "cli/bin/assets.js"]) {
    cpSync(join(repository, path), join(root, path));
  }
  write(
    "package.json",
    '{ "name": "shop", "version": "1.0.0", "type": "module", "bin": { "assets": "cli/bin/assets.js" } }',
  );
  write("package-lock.json", "{}");
  write("tsconfig.json", "{}");
  write(
    "cli/main.ts",
    `export async function main(argv: readonly string[]): Promise<number> {
       if (argv[0] === "wide") return (await import("string-width")).default("日本");
       if (argv[0] === "width") return (await import("./commands/width.ts")).width(argv[1] ?? "");
       process.stdout.write(argv.join(" "));
       return 0;
     }`,
  );
  write("cli/commands/width.ts", "export const width = (text: string): number => text.length;");
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const run = async (main: string, ...argv: string[]): Promise<number> =>
  (await import(pathToFileURL(main).href)).main(argv);

const scriptsIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith(".js"));

describe("building", () => {
  it("bundles the CLI, with a file of its own for what is loaded late", async () => {
    const { main, built } = await ensureBuilt(root);
    expect(built).toBe(true);
    expect(await run(main, "width", "four")).toBe(4);
    expect(scriptsIn(join(root, "dist"))).toContainEqual(expect.stringMatching(/^width-/));
    expect(readFileSync(main, "utf8")).not.toContain("text.length");
  });

  it("is done once", async () => {
    const first = await ensureBuilt(root);
    expect(await ensureBuilt(root)).toEqual({ main: first.main, built: false });
  });

  it("is done again when a file that is bundled has changed", async () => {
    const first = await ensureBuilt(root);
    write("cli/commands/width.ts", "export const width = (text: string): number => text.length * 2;");
    const second = await ensureBuilt(root);
    expect(second.built).toBe(true);
    expect([await run(first.main, "width", "four"), await run(second.main, "width", "four")]).toEqual([4, 8]);
  });

  it("is done again when the lock file has changed", async () => {
    await ensureBuilt(root);
    write("package-lock.json", '{ "lockfileVersion": 3 }');
    expect((await ensureBuilt(root)).built).toBe(true);
  });

  it("is not done again for a file that only has another time stamp, and reads it only once", async () => {
    await ensureBuilt(root);
    utimesSync(join(root, "cli", "main.ts"), new Date(1e9), new Date(1e9));
    expect((await ensureBuilt(root)).built).toBe(false);
    expect(currentBuild(root)?.inputs.find(({ path }) => path === "cli/main.ts")?.mtimeMs).toBe(1e9);
  });

  it("is not done again for a file that nothing imports", async () => {
    await ensureBuilt(root);
    write("cli/unused.ts", "export const unused = 1;");
    expect((await ensureBuilt(root)).built).toBe(false);
  });

  it("is done again when dist/ was deleted, or what points into it is torn", async () => {
    await ensureBuilt(root);
    rmSync(join(root, "dist"), { recursive: true });
    expect((await ensureBuilt(root)).built).toBe(true);
    write("dist/.inputs.json", '{ "formatVersion": 1, "ma');
    expect((await ensureBuilt(root)).built).toBe(true);
    for (const name of scriptsIn(join(root, "dist"))) rmSync(join(root, "dist", name));
    expect((await ensureBuilt(root)).built).toBe(true);
  });

  it("names file and line of a fault, and leaves the last build as it was", async () => {
    const { main } = await ensureBuilt(root);
    write("cli/commands/width.ts", "export const width = (;");
    const fault = await ensureBuilt(root).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(BuildFault);
    expect((fault as BuildFault).message).toContain('cli/commands/width.ts:1:22: ERROR: Unexpected ";"');
    expect(await run(main, "width", "four")).toBe(4);
  });

  it("loads no Unicode tables until a width is asked for", async () => {
    const { main } = await ensureBuilt(root);
    const bundled = scriptsIn(join(root, "dist")).map((name) =>
      readFileSync(join(root, "dist", name), "utf8"),
    );
    expect(bundled.join("\n")).not.toMatch(/new Intl\.Segmenter|\/\^\\p\{RGI_Emoji\}\$\/v/);
    expect(await run(main, "wide")).toBe(4);
  });

  it("may be done by several processes at once", async () => {
    const ended = Array.from(
      { length: 4 },
      () =>
        new Promise((resolve) => {
          spawn(process.execPath, ["scripts/build.js"], { cwd: root, stdio: "ignore" }).on("close", resolve);
        }),
    );
    expect(await Promise.all(ended)).toEqual([0, 0, 0, 0]);
    const { main, built } = await ensureBuilt(root);
    expect(built).toBe(false);
    expect(await run(main, "width", "four")).toBe(4);
  });
});

describe("the command `assets`", () => {
  const assets = (...argv: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/bin/assets.js", ...argv], {
      cwd: root,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };

  it("builds what is not current, passes its arguments on and ends with the exit code of main", () => {
    expect(assets("list", "--json")).toEqual({ status: 0, stdout: "list --json", stderr: "" });
    expect(assets("width", "four").status).toBe(4);
    write("cli/commands/width.ts", "export const width = (): number => 7;");
    expect(assets("width", "four").status).toBe(7);
  });

  it("ends with 2 and no stack trace when the sources do not build", () => {
    write("cli/main.ts", "export const main = (;");
    const { status, stdout, stderr } = assets("list");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("cli/main.ts:1:21: ERROR");
    expect(stderr).not.toContain("    at ");
  });

  it("says what to do when the packages are missing", () => {
    rmSync(join(root, "node_modules"));
    expect(assets("list")).toEqual({
      status: 2,
      stdout: "",
      stderr: "The packages are not installed. Run `npm ci` (or `npm start`, which does).\n",
    });
  });

  it("runs from dist/ alone, as in a package that was installed", () => {
    assets("list");
    for (const path of ["scripts", "cli/main.ts", "cli/commands"])
      rmSync(join(root, path), { recursive: true });
    expect(assets("list", "orders")).toEqual({ status: 0, stdout: "list orders", stderr: "" });
  });

  it("is what `npx assets` finds in a checkout", () => {
    const { status, stdout } = spawnSync("npx", ["--no-install", "assets", "width", "four"], {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
  });
});
