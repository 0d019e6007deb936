import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flips } from "../../../src/evaluation/numbers/flips.js";
import { wilson } from "../../../src/evaluation/numbers/wilson.js";
import { pairs } from "./arbitraries.js";

describe("flips", () => {
  it("counts each kind among the answers it could happen to", () => {
    const before = [true, true, true, true, false, false];
    const after = [true, false, true, true, true, false];
    expect(flips(before, after)).toEqual({
      rightToWrong: { count: 1, of: 4, rate: 0.25, interval: wilson(1, 4) },
      wrongToRight: { count: 1, of: 2, rate: 0.5, interval: wilson(1, 2) },
    });
  });

  it("makes up the difference in right answers, and changes places with before and after", () => {
    fc.assert(
      fc.property(pairs(), ([before, after]) => {
        const { rightToWrong, wrongToRight } = flips(before, after);
        const right = (labels: readonly boolean[]) => labels.filter(Boolean).length;
        expect(wrongToRight.count - rightToWrong.count).toBe(right(after) - right(before));
        expect(rightToWrong.of + wrongToRight.of).toBe(before.length);
        expect(flips(after, before).rightToWrong.count).toBe(wrongToRight.count);
      }),
    );
  });

  it("has no rate where it could not happen", () => {
    const { rightToWrong, wrongToRight } = flips([true], [true]);
    expect(rightToWrong.rate).toBe(0);
    expect(wrongToRight).toEqual({ count: 0, of: 0, rate: null, interval: [0, 1] });
  });

  it("refuses lists of different lengths", () => {
    expect(() => flips([true], [])).toThrow("[OPTIONS_INVALID] before and after");
  });
});
