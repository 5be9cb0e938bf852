import { defineConfig } from "vitest/config";
import { SkippedTestsReporter } from "./scripts/skipped-tests-reporter.js";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/long/**"],
    reporters: ["default", new SkippedTestsReporter()],
    // Bundles of projects that a test loads are run by Node itself, so that stack traces and imports are Node's.
    server: { deps: { external: [/\/\.assets\/cache\/project\//] } },
    // Some tests start DuckDB or a process of their own on machines with few cores: a limit for what hangs, not a measure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
