import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_ANSWER, normalise } from "../../../src/families/math/normalise.js";
import { readMath } from "../../../src/families/math/read.js";
import { compareAtOnce } from "../../../src/families/math/same.js";
import { benchmarkRows } from "./data.js";

const r = String.raw;
type Case = [text: string, value: string | undefined];

describe("reading the last box", () => {
  it.each<Case>([
    [r`Thus \boxed{42}.`, "42"],
    [r`First \boxed{1}, then \boxed{2}.`, "2"],
    [r`\boxed{\frac{1}{\sqrt{2}}}`, r`\frac{1}{\sqrt{2}}`],
    [r`\boxed{\{1, 2\}}`, r`\{1, 2\}`],
    [r`\boxed{ \text{Evelyn} }`, "Evelyn"],
    [r`\boxed{$18$}`, "18"],
    [r`\boxed{\$18}`, r`\$18`],
    [r`\boxed{x = 5}`, "x = 5"],
    [r`\fbox{7}`, "7"],
    [r`\boxed 7 is it`, "7"],
    [r`\boxed{3} and an empty \boxed{}`, "3"],
    [r`\boxed{3} and \boxed{\text{ }}`, "3"],
    [r`\boxed{3}, that is \boxed{your answer}`, "3"],
    [r`\boxed{3} cut off: \boxed{\frac{1}{`, "3"],
    [r`\[ \boxed{\begin{pmatrix} 1 \\ 2 \end{pmatrix}} \]`, r`\begin{pmatrix} 1 \\ 2 \end{pmatrix}`],
    [r`The answer is 5, no: \boxed{6}. The answer is 7.`, "6"],
  ])("%j gives %j", (text, value) => {
    expect(readMath(text)).toEqual({ value, by: "box" });
  });

  it("finds the closing brace whatever is nested inside", () => {
    const nested = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom("x", "1", r`\{2\}`, r`\sqrt{3}`),
        fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `\\frac{${a}}{${b}}`),
        tie("tree").map((a) => `{${a}}+${a}`),
      ),
    })).tree;
    fc.assert(
      fc.property(nested, fc.string({ maxLength: 50 }), (inside, after) => {
        fc.pre(inside.length <= MAX_ANSWER && !after.includes("box"));
        expect(readMath(`so \\boxed{${inside}} ${after}`)).toEqual({ value: inside, by: "box" });
      }),
    );
  });
});

describe("reading the closing sentence", () => {
  it.each<Case>([
    ["The answer is 42.", "42"],
    ["The answer is 3/4 of the pie.", "3/4"],
    ["So the final answer is: 2.5 meters", "2.5"],
    [r`Answer: $\frac{3}{4}$`, r`\frac{3}{4}`],
    ["**Answer:** 1,234 dollars", "1,234"],
    ["#### -1,200", "-1,200"],
    ["Adding up gives\n\n**42**", "42"],
    ["**Total: $64**", "$64"],
    ["The answer is $18.", "$18"],
    ["The answer is 10%.", "10%"],
    ["The answer is -5 degrees.", "-5"],
    [r`The final answer is $5$. I hope it is correct.`, "5"],
    [r`The answer is $x = 1$ or $x = 2$.`, "x = 1, x = 2"],
    [r`The answer is $2 + 3 = 5$.`, "5"],
    ["The answer is 5 because $2+3=5$.", "5"],
    ["The answer is:\n\n\\[ x = 5 \\]", "x = 5"],
    ["The answer is 3x + 2", "3x + 2"],
    ["The answer is (1, 2).", "(1, 2)"],
    ["The answer is Evelyn.", "Evelyn"],
    ["Final answer: no solution", "no solution"],
    ["The answer to this question is 7.", "7"],
    ["Answer: (B) the second one", "B"],
    ["The answer is 3. No, the answer is 4.", "4"],
    [r`The answer is 9. Boxed: \boxed{1`, "9"],
  ])("%j gives %j", (text, value) => {
    expect(readMath(text)).toEqual({ value, by: "sentence" });
  });
});

describe("reading the last number", () => {
  it.each<Case>([
    ["Thus, she has 18 eggs.", "18"],
    ["She makes 9 * $2 = $18 every day.", "$18"],
    ["It drops to -5 degrees.", "-5"],
    ["3 - 5 is -2", "-2"],
    ["That leaves 10-7", "7"],
    ["In total 1,234,567.5 liters.", "1,234,567.5"],
    ["which is 12.5% of all", "12.5%"],
    ["so 3/4 remain", "3/4"],
    ["so we need 1 1/2 cups", "1 1/2"],
    [r`Thus $x = 2\sqrt{3}$.`, r`2\sqrt{3}`],
    [r`so the total is \frac{3}{4}.`, r`\frac{3}{4}`],
    ["therefore y = 7x", "7x"],
    ["**Step 3: solve**\nWe get 7.", "7"],
    ["We get 7.\n\n2. ", "7"],
    ["about 3 x 10^8 meters", "3 x 10^8"],
    ["It cost $5 million.", "$5 million"],
  ])("%j gives %j", (text, value) => {
    expect(readMath(text)).toEqual({ value, by: "number" });
  });
});

describe("texts without an answer", () => {
  it.each(["", "   ", "I do not know.", "1. First\n2. Second", r`\boxed{}`, r`x is \boxed{4`])(
    "%j gives nothing",
    (text) => {
      expect(readMath(text)).toBeUndefined();
    },
  );

  it("looks at the end of the text only", () => {
    expect(readMath(`\\boxed{5}${" ".repeat(20_000)}`)).toBeUndefined();
  });
});

describe("reading real solutions", () => {
  const problems = benchmarkRows("math500/test.jsonl");
  it.skipIf(!problems)("finds the boxed answer of every MATH-500 solution", () => {
    const lost = problems!.filter(({ solution, answer }) => {
      const reading = readMath(solution!);
      return reading?.by !== "box" || compareAtOnce(normalise(reading.value), normalise(answer!)) !== true;
    });
    expect(lost.map((row) => row["unique_id"])).toEqual([]);
  });

  const stories = benchmarkRows("gsm8k/test.jsonl");
  it.skipIf(!stories)("finds the number behind the mark of every GSM8K solution", () => {
    const lost = stories!.filter(({ answer }) => {
      const gold = answer!.split("####")[1]!.trim();
      const reading = readMath(answer!);
      return reading?.by !== "sentence" || compareAtOnce(normalise(reading.value), normalise(gold)) !== true;
    });
    expect(lost.map((row) => row["answer"]!.slice(-80))).toEqual([]);
  });
});
