import { defineConfig } from "vitest/config";
import { SkippedTestsReporter } from "./scripts/skipped-tests-reporter.js";

/** Tests that take minutes: `npm run test:long`. One file at a time, since they measure or fill the machine. */
export default defineConfig({
  test: {
    include: ["tests/long/**/*.test.ts"],
    reporters: ["default", new SkippedTestsReporter()],
    fileParallelism: false,
    testTimeout: 20 * 60_000,
    hookTimeout: 5 * 60_000,
  },
});
