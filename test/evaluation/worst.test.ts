import { join } from "node:path";
import { expect, it } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import { temporaryFolder } from "../support/folder.js";
import { fallibleModel, numberProblems } from "./random-models.js";

it.each([
  [["cope", "large", "majority", "cascade-vote", "automix", "random"], "method", false],
  [["cope", "cope:s2s3"], "critique", false],
  [["cope"], "method", true],
  [["cope"], "critique", true],
] as const)("no more is asked than was said before: %s, %s, all draws: %s", async (names, guideline, allDraws) => {
  const steady = (name: string, right: number) => fallibleModel(name, right, { fails: false });
  const models = { small: steady("small", 0.4), large: steady("large", 0.8) };
  let most = Number.NaN;
  await evaluate({
    data: "numbers",
    problems: numberProblems(3),
    methods: resolveMethods(names, { guideline, samples: 4 }),
    models,
    tape: join(temporaryFolder(), "tape.sqlite"),
    allDraws,
    onBegin: ({ worst }) => (most = worst.calls),
  });
  const asked = models.small.asked.length + models.large.asked.length;
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(most);
});
