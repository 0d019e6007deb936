import { describe, expect, it } from "vitest";
import { createChoice } from "../../../src/families/choice/index.js";
import type { ChoiceTask } from "../../../src/families/choice/task.js";
import { createMath } from "../../../src/families/math/index.js";

const { prompts } = createChoice();
const yes = { question: "Is it so?", choices: ["yes", "no", "unsure"] };
const praise = { question: "Which is it?", choices: ["praise", "blame"] };
const planets = { question: "Which planet is the largest?\nA) Mars\nB) Jupiter\nC) Venus" };
const data = { question: "Read: Ann.", schema: { type: "object" as const, required: ["name"] } };

describe("a plan that states an answer is none", () => {
  it.each<[ChoiceTask, string]>([
    [yes, "no"],
    [yes, "Yes."],
    [yes, "**No**"],
    [yes, 'Goal: "unsure"'],
    [yes, "The answer is no."],
    [yes, "Yes, because the text says so."],
    [yes, "No. The text says otherwise."],
    [yes, "The correct answer is clearly no."],
    [yes, "Answer: yes"],
    [praise, "praise"],
    [praise, "The label is praise."],
    [praise, "This is blame."],
    [praise, "The review is praise."],
    [praise, "It is blame, since it complains."],
    [planets, "B"],
    [planets, "B) Jupiter"],
    [planets, "Jupiter."],
    [planets, "(b)"],
    [planets, "The answer is B."],
    [planets, "The largest planet is Jupiter."],
    [planets, "Choose B."],
    [data, '{"name": "Ann"}'],
    [data, 'The answer is {name: "Ann"}.'],
  ])("%#: %s", (task, text) => {
    for (const kind of ["goal", "guideline"] as const) expect(prompts.tidyPlan(text, kind, task)).toBe("");
  });

  it.each<[ChoiceTask, string]>([
    [yes, "Determine whether the answer is yes or no."],
    [yes, "Find out if it is so, since no source is named."],
    [yes, "No detail should be overlooked."],
    [yes, "The task asks whether the claim holds."],
    [praise, "Decide whether the review is praise or blame."],
    [praise, "Check that the words of praise are meant."],
    [praise, "Look for praise, and for what is said behind it."],
    [praise, "The tone of the last sentence decides."],
    [planets, "Find the planet with the largest diameter."],
    [planets, "A comparison of the diameters settles it."],
    [planets, "Compare the diameters of Mars, Jupiter and Venus."],
    [data, "Find the name in the text, as in {name}."],
  ])("and this is one, %#: %s", (task, text) => {
    for (const kind of ["goal", "guideline"] as const) expect(prompts.tidyPlan(text, kind, task)).toBe(text);
  });

  it("is one whose second sentence states the answer", () => {
    expect(prompts.tidyPlan("Weigh the words. The label is blame.", "guideline", praise)).toBe("");
    expect(prompts.tidyPlan("Weigh the words. The label is blame.", "goal", praise)).toBe("Weigh the words.");
  });

  it("is no number of a list", () => {
    expect(prompts.tidyPlan("1. Read the text with care.", "goal", yes)).toBe("Read the text with care.");
  });
});

describe("a plan of mathematics is none where it is the value", () => {
  const { tidyPlan } = createMath().prompts;
  it.each([
    "42",
    "$x = 5$",
    "\\boxed{7}",
    "The answer is 42.",
    "Answer: 3/4",
    "#### 18",
    "\\frac{1}{2}",
    "The final answer is $\\frac{1}{2}$.",
  ])("%s", (text) => expect(tidyPlan(text, "goal")).toBe(""));
  it.each([
    "Find the sum of the first 20 odd numbers.",
    "Use $a^2 + b^2 = c^2$.",
    "The answer is the number of ways to choose 3 of 5.",
  ])("and this is one: %s", (text) => expect(tidyPlan(text, "goal")).toBe(text));
});
