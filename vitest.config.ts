import { defineConfig } from "vitest/config";
import { SkippedTestsReporter } from "./scripts/skipped-tests-reporter.js";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/long/**"],
    reporters: ["default", new SkippedTestsReporter()],
    // Some tests start DuckDB or a process of their own on machines with few cores: a limit for what hangs, not a measure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
