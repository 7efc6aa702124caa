import { defineConfig } from "vitest/config";

/** The tests that mutants of the language and the engine are run against: those that run in milliseconds. */
export default defineConfig({
  test: {
    include: ["lib/fdl/**/*.test.ts", "lib/engine/**/*.test.ts", "test/language/**/*.test.ts"],
    testTimeout: 10_000,
  },
});
