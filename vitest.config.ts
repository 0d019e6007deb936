import { defineConfig } from "vitest/config";

/** Tests that load weights: two at once on the same cores would be many times slower than one after the other. */
const embedded = ["test/embedded/**/*.test.ts", "test/models/llama/chat.test.ts"];

export default defineConfig({
  test: {
    // For tests that start processes of their own, on a machine that has much else to do.
    testTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: embedded, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: "embedded", include: embedded, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
