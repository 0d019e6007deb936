import { defineConfig } from "vitest/config";

/** Tests that load weights: two at once on the same cores would be many times slower than one after the other. */
const embedded = ["test/embedded/**/*.test.ts", "test/models/llama/chat.test.ts"];

/** Examples import the package by its name, as its users do: here that is the source, not what was built last. */
const alias = [
  { find: /^langgraph-cope\/(\w+)$/, replacement: `${import.meta.dirname}/src/$1/index.ts` },
  { find: /^langgraph-cope$/, replacement: `${import.meta.dirname}/src/index.ts` },
];

export default defineConfig({
  resolve: { alias },
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
