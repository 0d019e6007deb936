import { globSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { slow } from "./test/slow.js";
import { SlowestFirst } from "./test/support/slowest-first.js";

/** Tests that load weights: two at once on the same cores would be many times slower than one after the other. */
const embedded = ["test/embedded/**/*.test.ts", "test/models/llama/chat.test.ts"];

/** Tests of properties: the fast project tries each a few times, the slow one thousands of times. */
const properties = globSync("test/**/*.test.ts", { cwd: import.meta.dirname }).filter((file) =>
  readFileSync(`${import.meta.dirname}/${file}`, "utf8").includes('from "fast-check"'),
);

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
    sequence: { sequencer: SlowestFirst },
    restoreMocks: true,
    unstubEnvs: true,
    setupFiles: "test/support/runs.ts",
    projects: [
      {
        extends: true,
        // Files share a process and its modules: loading LangChain for each of them costs more than most of them do.
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...embedded, ...slow],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          include: [...slow, ...properties],
          exclude: embedded,
          globalSetup: "test/support/shared-build.ts",
          env: { COPE_PROPERTY_RUNS: "thorough" },
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: "embedded", include: embedded, fileParallelism: false, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
