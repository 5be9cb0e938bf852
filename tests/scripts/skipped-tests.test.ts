import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "skipped-"));
afterAll(() => rmSync(folder, { recursive: true }));

symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
writeFileSync(
  join(folder, "vitest.config.ts"),
  `import { defineConfig } from "vitest/config";
   import { SkippedTestsReporter } from ${JSON.stringify(join(root, "scripts", "skipped-tests-reporter.js"))};
   export default defineConfig({ test: { include: ["*.test.ts"], reporters: [new SkippedTestsReporter()] } });`,
);
const testFile = (name: string, body: string): void =>
  writeFileSync(join(folder, `${name}.test.ts`), `import { describe, expect, it } from "vitest";\n${body}`);
testFile("whole", `it("adds", () => expect(1 + 1).toBe(2));`);
testFile(
  "partly",
  `describe("a server", () => {
     it("is there", () => {});
     it("answers", (test) => test.skip("MYSQL_HOST is not set"));
     it.skipIf(true)("is quick", () => {});
   });`,
);
testFile("failing", `it("subtracts", () => expect(1 - 1).toBe(2));`);
testFile("broken", `throw new Error("not loaded");`);

const run = (files: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const counts = join(folder, "counts.jsonl");
  rmSync(counts, { force: true });
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, "node_modules", "vitest", "vitest.mjs"), "run", ...files],
    {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], NO_COLOR: "1", TEST_COUNTS: counts, ...environment },
    },
  );
  return { status, stdout: stdout.trim(), counts: JSON.parse(readFileSync(counts, "utf8")) };
};

describe("tests that did not run", () => {
  it("are named with their reason, and do not fail the run", () => {
    expect(run(["whole", "partly"])).toEqual({
      status: 0,
      stdout: [
        "Note: 2 of the tests did not run:",
        "  partly.test.ts > a server > answers: MYSQL_HOST is not set",
        "  partly.test.ts > a server > is quick",
        "They need a server or a sample that is not here; REQUIRE_ALL=1 makes that a failure.",
      ].join("\n"),
      counts: { passed: 2, failed: 0, skipped: 2 },
    });
  });

  it("fail the run with REQUIRE_ALL=1", () => {
    expect(run(["whole", "partly"], { REQUIRE_ALL: "1" })).toEqual({
      status: 1,
      stdout: [
        "FAILED: 2 of the tests did not run:",
        "  partly.test.ts > a server > answers: MYSQL_HOST is not set",
        "  partly.test.ts > a server > is quick",
        "REQUIRE_ALL=1 makes that a failure.",
      ].join("\n"),
      counts: { passed: 2, failed: 2, skipped: 2 },
    });
  });

  it("are not spoken of when there are none", () => {
    expect(run(["whole"], { REQUIRE_ALL: "1" })).toEqual({
      status: 0,
      stdout: "",
      counts: { passed: 1, failed: 0, skipped: 0 },
    });
  });

  it("are not spoken of when they were not asked for", () => {
    expect(run(["partly", "-t", "is there"], { REQUIRE_ALL: "1" })).toEqual({
      status: 0,
      stdout: "",
      counts: { passed: 1, failed: 0, skipped: 0 },
    });
  });
});

it("a test that fails and a file that does not load are counted as failures", () => {
  const { status, counts } = run(["whole", "failing", "broken"]);
  expect({ status, counts }).toEqual({ status: 1, counts: { passed: 1, failed: 2, skipped: 0 } });
});
