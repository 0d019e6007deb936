import { expect, test } from "vitest";
import { resolveStages } from "../../../src/graph/stages.js";
import { resolveMethods } from "../../../src/evaluation/methods/index.js";
import { createRandom, escalationRate } from "../../../src/evaluation/methods/random.js";
import { replay } from "../../../src/evaluation/replay/index.js";
import { recordNumbers } from "../recordings.js";

test("the control hands over as often as a stage list of one's own does, whatever its name", async () => {
  const recorded = await recordNumbers({ samples: 4, allDraws: true, methods: ["majority", "large"] });
  // Accepts every vote: nothing is handed over, where the default would hand over a half.
  const stages = resolveStages("cope").map((stage) =>
    stage.accept ? { ...stage, accept: { threshold: 0.01 } } : stage,
  );
  const methods = resolveMethods(["mine", "random"], { lists: { mine: stages }, samples: 4 });
  const { outcomes, methods: made } = replay(recorded, { methods });
  const rate = escalationRate(outcomes.get("mine")!);
  expect(rate).toBeLessThan(0.2);
  // Chance measures nothing: a confidence of 0 would be held against its grades as if it did.
  expect(outcomes.get("random")!.map(({ confidence }) => confidence)).not.toContain(0);
  expect(made[1]!.about).toContain(`${Math.round(100 * rate)} % of the problems`);
});

test("the control hands over exactly as many problems as the cascade did, and others under another seed", async () => {
  const recorded = await recordNumbers({ samples: 4, allDraws: true, methods: ["majority", "large"], problems: 15 });
  const methods = resolveMethods(["cope", "random"], { samples: 4, thresholds: [0.75, 0.5] });
  const { outcomes } = replay(recorded, { methods });
  const rate = escalationRate(outcomes.get("cope")!);
  expect(rate).toBeGreaterThan(0);
  expect(rate).toBeLessThan(1);
  expect(escalationRate(outcomes.get("random")!)).toBe(rate);
  const problems = recorded.problems.map(({ id }) => id);
  const handed = (seed: number) =>
    replay(recorded, { methods: [createRandom({ rate: 0.4, samples: 4, seed, problems })] })
      .outcomes.get("random")!
      .flatMap(({ stages }, i) => (stages.length === 2 ? problems[i]! : []));
  expect(handed(1)).toHaveLength(6);
  expect(handed(1)).not.toEqual(handed(2));
});
