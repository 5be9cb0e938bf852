import { appendFileSync } from "node:fs";

/**
 * @import { SerializedError, TestModule, Vitest } from "vitest/node"
 * @import { Reporter } from "vitest/reporters"
 */

/**
 * A vitest reporter that says at the end which tests did not run and why, so that a green run never hides them.
 *
 * With REQUIRE_ALL=1 a test that did not run is a failure. With TEST_COUNTS naming a file, the counts are added to it
 * as a line of JSON, for scripts that sum over several runs.
 *
 * @implements {Reporter}
 */
export class SkippedTestsReporter {
  /** @type {Vitest | undefined} */
  #vitest;

  /** @param {Vitest} vitest */
  onInit(vitest) {
    this.#vitest = vitest;
  }

  /**
   * @param {readonly TestModule[]} modules
   * @param {readonly SerializedError[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    /** @type {string[]} */
    const skipped = [];
    let passed = 0;
    // A file that did not load, and an error outside any test, count as one failure each.
    let failed = unhandled.length;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") passed += 1;
        else if (result.state === "failed") failed += 1;
        else {
          const note = result.state === "skipped" ? result.note : "it never ended";
          skipped.push(`${module.relativeModuleId} > ${test.fullName}${note ? `: ${note}` : ""}`);
        }
      }
    }
    // With -t the tests that were not asked for are skipped too; they are nobody's news.
    const filtered = this.#vitest?.config.testNamePattern !== undefined;
    const required = process.env["REQUIRE_ALL"] === "1";
    if (skipped.length > 0 && !filtered) {
      console.log(`\n${required ? "FAILED" : "Note"}: ${skipped.length} of the tests did not run:`);
      for (const line of skipped.sort()) console.log(`  ${line}`);
      if (required) {
        console.log("REQUIRE_ALL=1 makes that a failure.");
        process.exitCode = 1;
      } else {
        console.log("They need a server or a sample that is not here; REQUIRE_ALL=1 makes that a failure.");
      }
    }
    const counts = process.env["TEST_COUNTS"];
    if (counts) {
      const notRun = filtered ? 0 : skipped.length;
      appendFileSync(
        counts,
        `${JSON.stringify({ passed, failed: failed + (required ? notRun : 0), skipped: notRun })}\n`,
      );
    }
  }
}
