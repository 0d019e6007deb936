import { afterAll, describe, expect, it } from "vitest";
import { readMath } from "../../../src/families/math/read.js";
import { createMathSame } from "../../../src/families/math/same.js";
import { hostileAnswers, hostileOutputs } from "./hostile.js";

const { same, close } = createMathSame({ timeLimitMs: 700 });
afterAll(close);

describe("hostile answers", () => {
  // The test's own time limit is the proof that the comparison ended.
  it.each(hostileAnswers.map((answer, i) => [answer.slice(0, 40), answer, i] as const))(
    "%s ends as different or unknown, and the next comparison works",
    async (_, answer, i) => {
      expect(await same(answer, "\\pi")).not.toBe(true);
      expect(await same(`${i}\\sqrt{8}`, `${2 * i}\\sqrt{2}`)).toBe(true);
    },
  );

  it("do not spoil the comparisons that wait behind them", async () => {
    const verdicts = await Promise.all([
      same("8^{8^{8^{8}}}", "\\pi"),
      same("\\sqrt{50}", "5\\sqrt{2}"),
      same("\\sqrt{50}", "5\\sqrt{3}"),
      same("2(a+1)", "2a+2"),
    ]);
    expect(verdicts).toEqual([undefined, true, false, true]);
  });
});

describe("hostile outputs", () => {
  it.each(hostileOutputs.map((text) => [`${text.slice(0, 12)}… (${text.length})`, text] as const))(
    "%s is read without an error, and gives no long answer",
    (_, text) => {
      expect(readMath(text)?.value.length ?? 0).toBeLessThanOrEqual(400);
    },
  );

  it("an empty output and a box of 10,000 braces are unreadable", () => {
    expect(readMath("")).toBeUndefined();
    expect(readMath(`so \\boxed{${"{".repeat(5_000)}7${"}".repeat(5_000)}}`)).toBeUndefined();
  });
});
