import { expect, it } from "vitest";
import { createCope, strategies } from "../../src/index.js";
import { scriptedModel } from "../../src/testing/index.js";

/** The paper's stages, each of which stops when deciding otherwise is less likely than `chance`. */
const stagesWith = (chance: number) =>
  strategies["cope"]!.map((stage) => ({ ...stage, execute: { ...stage.execute, stop: { chance } } }));
const says = (answer: (index: number) => number, as: string) => {
  let asked = 0;
  return scriptedModel(
    ({ system }) => (/teacher|coach/.test(system) ? "Count." : `The answer is $\\boxed{${answer(asked++)}}$.`),
    { as },
  );
};

it("a stage that may stop by likelihood accepts with fewer draws, and its verdict says so", async () => {
  const cope = createCope({
    small: says(() => 7, "test:s"),
    large: says(() => 7, "test:l"),
    stages: stagesWith(0.1),
    family: "math",
  });
  const { answer, stages } = await cope.compile().invoke({ question: "How many?" });
  expect(answer).toMatchObject({ value: "7", stage: "solo", confidence: 0.5 });
  expect(stages).toMatchObject([{ name: "solo", decision: "accept", drawn: 4 }]);
  expect(stages[0]!.why).toContain("by a likelihood above 90 %");
});

it("a stage that may stop by likelihood gives up on a hopeless vote before it is impossible", async () => {
  const models = { small: says((index) => index, "test:s"), large: says(() => 7, "test:l") };
  const stages = stagesWith(0.1).map((stage) => ({ ...stage, execute: { ...stage.execute, wave: "fewest" as const } }));
  const report = await createCope({ ...models, stages, family: "math" })
    .compile()
    .invoke({ question: "How many?" });
  const solo = report.stages[0]!;
  expect(solo).toMatchObject({ decision: "escalate" });
  // Three draws that differ leave 6 of 8 possible.
  expect(solo.drawn).toBeLessThan(4);
  expect(solo.why).toContain("will not be reached, by a likelihood above 90 %");
});

it("a scorer that tells no chances cannot stop by likelihood, which is told at construction", () => {
  const scorer = () => ({ low: 1, high: 1, why: "always" });
  expect(() => createCope({ stages: stagesWith(0.01), scorer })).toThrow("[SCORER_INVALID]");
});
