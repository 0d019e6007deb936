import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["dist/**", "node_modules/**"],
    testTimeout: 30_000,
    // Two cores: more workers than that only make embedded models slower.
    maxWorkers: 2,
  },
});
