import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMathSame } from "../../src/families/math/same.js";
import { scorers, type ScorerName } from "../../src/scorers/index.js";
import type { Sample } from "../../src/state/sample.js";
import { samplesOf } from "../../src/testing/index.js";

const r = String.raw;
const loops: ChildProcess[] = [];

beforeAll(() => {
  for (let i = 0; i < 6; i++) loops.push(spawn(process.execPath, ["-e", "for(;;);"], { stdio: "ignore" }));
});
afterAll(() => loops.forEach((loop) => loop.kill("SIGKILL")));

/** Five answers of one value, written in five ways, two of another, and one that nobody can read. */
function samples(k: number): Sample[] {
  const same = [r`${k}\sqrt{8}+1`, r`1+${2 * k}\sqrt{2}`, r`\frac{2+${4 * k}\sqrt{2}}{2}`, r`${k}\sqrt{8}+\frac{3}{3}`];
  const drawn = samplesOf(...same, r`${k}\sqrt{8}`, r`${2 * k}\sqrt{2}`, undefined, r`1+${k}\sqrt{8}`);
  return drawn.map((one, i) => ({
    ...one,
    checks: { passed: i % 3, total: 3, failures: [] },
    logprobs: [-0.1 * (i + 1)],
    vector: [1, i],
  }));
}

/** Confidence of the scorers that compare values. */
const SHARES: Partial<Record<ScorerName, number>> = { vote: 5 / 8, fields: 5 / 8 };

describe("beside six busy loops", () => {
  it.each(Object.keys(scorers) as ScorerName[])("%s gives the verdicts of an idle machine", async (name) => {
    for (const k of [2, 3, 5]) {
      // Each with a worker of its own, which begins beside the loops, and pauses in which it must stay.
      const { same, close } = createMathSame();
      const said = await scorers[name](samples(k), { planned: 8, same });
      await sleep(20);
      const again = await scorers[name](samples(k), { planned: 8, same });
      await close();
      expect(again).toEqual(said);
      expect(said.why).not.toContain("unknown");
      expect(said.low).toBe(said.high);
      expect(said.low).toBe(SHARES[name] ?? said.low);
    }
  });
});
