import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["lib/**/*.test.ts", "flows/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    setupFiles: ["test/loopback-only.ts"],
    testTimeout: 30_000,
    coverage: {
      provider: "v8",
      include: ["lib/fdl/**/*.ts", "lib/engine/**/*.ts"],
      exclude: ["**/*.test.ts"],
      thresholds: { branches: 98 },
      reporter: ["text-summary", "json-summary"],
    },
  },
});
