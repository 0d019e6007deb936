import { describe, expect, it } from "vitest";
import type { Draw } from "../../src/evaluation/draw.js";
import { rereadDraws } from "../../src/evaluation/reread.js";
import { families } from "../../src/families/index.js";

const math = families["math"]!();

function draw(
  index: number,
  text: string,
  value: string | null,
  right: boolean | null,
  more: Partial<Draw> = {},
): Draw {
  const call = { key: "k", role: "small", model: "llama:x", purpose: "execute" as const };
  const calls = [{ ...call, inputTokens: 1, outputTokens: 1, ms: 1 }];
  return { problem: "p", series: "small-1", given: "", index, calls, text, value, right, readBy: "box", ...more };
}

describe("a recording of mathematics, read anew", () => {
  it("keeps what is read alike, draw by draw", async () => {
    const recorded = [draw(0, "\\boxed{7}", "7", true), draw(1, "nothing", null, null)];
    const { draws, changed } = await rereadDraws(recorded, math);
    expect(changed).toBe(0);
    expect(draws).toEqual(recorded);
  });

  it("gives a changed value the grade of an equal one, else what the data say, else none that is known", async () => {
    const recorded = [
      draw(0, "\\boxed{\\frac{14}{2}}", "n", false),
      draw(1, "\\boxed{7}", "7", true),
      draw(2, "\\boxed{9}", "n", false),
      draw(3, "I cannot tell.", "n", false),
    ];
    const alone = await rereadDraws(recorded, math);
    expect(alone).toMatchObject({ changed: 3, ungraded: 1 });
    expect(alone.draws.map(({ right, gradeUnknown }) => [right, gradeUnknown])).toEqual([
      [true, undefined],
      [true, undefined],
      [null, true],
      [null, undefined],
    ]);
    const problem = { id: "p", family: "math", task: { question: "?" }, gold: "7", about: {} };
    const { draws, ungraded } = await rereadDraws(recorded, math, new Map([["p", problem]]));
    expect(ungraded).toBe(0);
    expect(draws[2]!.right).toBe(false);
  });

  it("leaves alone what is no answer to the problem, what is sealed, and other families", async () => {
    const recorded = [
      draw(0, "Verdict: yes", "yes", null, { readBy: "verdict", given: "answer 0" }),
      draw(1, "42", null, null, { given: "answer 0" }),
      draw(2, "#sealed:abc123", "5", true),
      draw(3, "Use 42.", null, null, { calls: [] }),
    ];
    expect((await rereadDraws(recorded, math)).changed).toBe(0);
    const program = [draw(0, "\\boxed{9}", "7", true)];
    expect((await rereadDraws(program, families["math:program"]!())).draws).toEqual(program);
  });
});
