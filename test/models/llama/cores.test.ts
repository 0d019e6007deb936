import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { physicalCores } from "../../../src/models/llama/cores.js";

it("counts a core with two threads once", () => {
  const folder = mkdtempSync(join(tmpdir(), "cope-cores-"));
  for (const cpu of [0, 1]) {
    mkdirSync(join(folder, `cpu${cpu}`, "topology"), { recursive: true });
    writeFileSync(join(folder, `cpu${cpu}`, "topology", "thread_siblings_list"), "0-1\n");
  }
  mkdirSync(join(folder, "cpufreq"));
  expect(physicalCores(folder)).toBe(1);
});

it("never says more than the process may use, nor less than one", () => {
  expect(physicalCores()).toBeGreaterThanOrEqual(1);
  expect(physicalCores("/nowhere")).toBeLessThanOrEqual(availableParallelism());
});
