import { defineConfig } from "vitest/config";

/**
 * The tests that mutants of the language and the engine are run against: the unit tests beside their sources. Random flows and
 * the conformance suite would kill a few more, but each mutant would run thousands of tests.
 */
export default defineConfig({
  test: {
    include: ["lib/fdl/**/*.test.ts", "lib/engine/**/*.test.ts"],
    exclude: ["**/properties.test.ts", "**/parse-robustness.test.ts", "**/node_modules/**"],
    testTimeout: 10_000,
  },
});
