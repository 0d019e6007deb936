import PQueue from "p-queue";
import type { Journal } from "../../src/models/journal.js";
import { FAULTS, isSlow } from "./faults.js";
import { runOnce, type RunEnd } from "./run.js";

/** Runs by their numbers: the same number and seed is the same run. Those that wait for silent servers wait side by side. */
export async function runAll(numbers: readonly number[], seed: string, durable: Journal): Promise<RunEnd[]> {
  const [slow, quick] = [new PQueue({ concurrency: 16 }), new PQueue({ concurrency: 3 })];
  // The first run loads much, and its server's clock would go by meanwhile.
  await runOnce("none", `${seed} before`, durable);
  return Promise.all(
    numbers.map((i) => {
      const fault = FAULTS[i % FAULTS.length]!;
      return (isSlow(fault) ? slow : quick).add(() => runOnce(fault, `${seed}-${i}`, durable));
    }),
  );
}
