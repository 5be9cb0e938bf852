import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

// .ci/run with stand-ins for npm, npx and git: what it sums up, whatever fails.
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ci-"));
  for (const path of ["shared/olist-sample", "main", "bin"])
    mkdirSync(join(folder, path), { recursive: true });
  cpSync(join(import.meta.dirname, "..", "..", ".ci"), join(folder, "main", ".ci"), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

const counts = (passed: number, failed: number): string =>
  `echo '{"passed":${passed},"failed":${failed},"skipped":0}' >>"$TEST_COUNTS"`;

/** Runs it; each command of npm and npx does what is said here, and succeeds where nothing is. */
function ci(commands: Readonly<Record<string, string>> = {}) {
  const all = {
    test: counts(10, 0),
    "test:long": counts(1, 0),
    npx: counts(10, 0),
    start: 'if [ -e started ]; then echo "nothing to do: 14 assets fresh"; else touch started; echo made; fi',
    git: 'mkdir -p "$4"',
    ...commands,
  };
  const cases = Object.entries(all).map(([name, body]) => `${name}) ${body} ;;`);
  const stub = (program: string, word: string): void => {
    const path = join(folder, "bin", program);
    writeFileSync(path, `#!/usr/bin/env bash\ncase "${word}" in\n${cases.join("\n")}\nesac\n`);
    chmodSync(path, 0o755);
  };
  stub("npm", '$(for word in "$@"; do case "$word" in run|--*) ;; *) echo "$word"; break ;; esac; done)');
  stub("npx", "npx");
  stub("git", "git");
  const { status, stdout } = spawnSync(join(folder, "main", ".ci", "run"), [], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: `${join(folder, "bin")}:${process.env["PATH"]}` },
  });
  return { status, last: stdout.trimEnd().split("\n").at(-1), stdout };
}

describe.skipIf(process.platform === "win32")(".ci/run", () => {
  it("sums the tests of all runs, and the parts that are not tests", () => {
    const { status, last } = ci();
    expect({ status, last }).toEqual({ status: 0, last: "24 passed, 0 failed" });
  });

  it("gives the tests the sample and the demand that none is skipped, and no stdin", () => {
    const { stdout } = ci({ test: 'echo "<$OLIST_SAMPLE $REQUIRE_ALL $CI $(cat)>"' });
    expect(stdout).toContain(`<${join(folder, "shared", "olist-sample")} 1 true >`);
  });

  it.each([
    ["a check fails", { check: "exit 1" }, "23 passed, 1 failed"],
    ["tests fail", { test: `${counts(7, 3)}; exit 1` }, "21 passed, 3 failed"],
    ["tests fail on the other Node", { npx: `${counts(9, 1)}; exit 1` }, "23 passed, 1 failed"],
    ["tests crash before they begin", { test: "exit 1" }, "14 passed, 1 failed"],
    [
      "the test command fails though no test does",
      { test: `${counts(10, 0)}; exit 1` },
      "24 passed, 1 failed",
    ],
    ["a long test fails", { "test:long": `${counts(0, 1)}; exit 1` }, "23 passed, 1 failed"],
    ["npm start fails", { start: "exit 1" }, "23 passed, 1 failed"],
    ["the second npm start makes something again", { start: "echo made" }, "23 passed, 1 failed"],
    ["the clone fails", { git: "exit 128" }, "23 passed, 1 failed"],
    ["nothing can be installed", { ci: "exit 1" }, "0 passed, 1 failed"],
    ["the counts are torn", { test: 'echo "{" >>"$TEST_COUNTS"' }, "2 passed, 1 failed"],
  ])("fails when %s", (_, commands, last) => {
    const outcome = ci(commands);
    expect({ status: outcome.status, last: outcome.last }).toEqual({ status: 1, last });
  });
});
