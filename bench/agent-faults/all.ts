import PQueue from "p-queue";
import { FAULTS, isSlow } from "./faults.js";
import { runOnce, type RunEnd, type RunWith } from "./run.js";

/** Runs by their numbers: the same number and seed is the same run. Those that wait for silent servers wait side by side. */
export async function runAll(numbers: readonly number[], seed: string, common: RunWith): Promise<RunEnd[]> {
  const [slow, quick] = [new PQueue({ concurrency: 60 }), new PQueue({ concurrency: 3 })];
  // The first run loads much, and its server's clock would go by meanwhile.
  await runOnce("none", `${seed} before`, common);
  return Promise.all(
    numbers.map((i) => {
      const fault = FAULTS[i % FAULTS.length]!;
      return (isSlow(fault) ? slow : quick).add(() => runOnce(fault, `${seed}-${i}`, common));
    }),
  );
}
