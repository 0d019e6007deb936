import { describe, expect, it } from "vitest";
import { createCode, createCope, type CopeOptions } from "../../../src/index.js";
import { scriptedModel } from "../../../src/testing/index.js";
import { fakeRunner } from "./fake-runner.js";

const fence = (code: string) => `\`\`\`python\n${code}\n\`\`\``;
const RIGHT = "def double(n):\n    return n + n * 1";
const WRONG = fence("def double(n):\n    return n");
const HALF = fence("def double(n):\n    return n + n");
const tests = ["needs n + n", "needs * 1"];

const solo = (...replies: string[]) => ({ stage: "solo", purpose: "execute" as const, replies });
const goals = {
  purpose: "goal" as const,
  replies: Array.from({ length: 8 }, (_, i) => `Give back twice the number, by goal ${i}.`),
};

async function run(
  small: ReturnType<typeof scriptedModel>,
  large: ReturnType<typeof scriptedModel>,
  more: CopeOptions = {},
  given = { tests },
) {
  const cope = createCope({ small, large, family: createCode({ runner: fakeRunner() }), ...more }).compile();
  return cope.invoke({ question: "Write a function that doubles a number.", given } as never);
}

describe("a cascade of programs", () => {
  it("accepts the first program that passes, draws in waves of one and three, and asks the large model nothing", async () => {
    const small = scriptedModel([goals, solo(WRONG, HALF, fence(RIGHT), fence(`${RIGHT}  # again`))]);
    const large = scriptedModel([]);
    const { answer, stages } = await run(small, large);
    expect(answer).toMatchObject({ value: RIGHT, stage: "solo", confidence: 1 });
    expect(stages).toMatchObject([{ name: "solo", drawn: 4, decision: "accept" }]);
    expect(small.asked.filter(({ purpose }) => purpose === "execute")).toHaveLength(4);
    expect(large.asked).toHaveLength(0);
  });

  it("shows a critique the tests that failed, and carries on the goal of the program that passed most", async () => {
    const fails = [WRONG, WRONG, HALF, HALF, WRONG, WRONG, WRONG, WRONG];
    const guided = { stage: "guided", purpose: "execute" as const, reply: fence(RIGHT) };
    const small = scriptedModel([goals, solo(...fails), guided]);
    const large = scriptedModel([{ purpose: "guideline", reply: "Multiply by two." }]);
    const { answer, stages } = await run(small, large, { guideline: "critique" });
    expect(stages).toMatchObject([
      { name: "solo", drawn: 8, decision: "escalate" },
      { name: "guided", drawn: 1, decision: "accept" },
    ]);
    expect(answer).toMatchObject({ value: RIGHT, stage: "guided", confidence: 1 });
    expect(large.asked[0]!.user).toContain("- 8 programs failed at needs * 1: it returned 3");
    expect(small.asked.at(-1)!.user).toMatch(
      /Goal: Give back twice the number, by goal 2\.\n\nGuideline: Multiply by two\.$/,
    );
  });

  it("claims nothing without tests: each stage draws one sample, and the large model answers", async () => {
    const small = scriptedModel([goals, { purpose: "execute", reply: fence(RIGHT) }]);
    const large = scriptedModel([
      { purpose: "guideline", reply: "Multiply by two." },
      { purpose: "execute", reply: fence(`${RIGHT}\n\nx = 1`) },
    ]);
    const { answer, stages } = await run(small, large, {}, { tests: [] });
    expect(stages.map(({ drawn }) => drawn)).toEqual([1, 1, 1]);
    expect(answer).toMatchObject({ value: `${RIGHT}\n\nx = 1`, stage: "takeover" });
  });
});
