import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareToLarge } from "../../../src/evaluation/numbers/noninferior.js";
import { chance } from "../../support/random.js";
import { pairs } from "./arbitraries.js";

/** Problems of which only the method gets `wins` right, only the large model `losses`, and both the others. */
function outcomes(wins: number, losses: number, n: number): [method: boolean[], large: boolean[]] {
  const at = [...Array(n).keys()];
  return [at.map((i) => i >= losses), at.map((i) => i < losses || i >= losses + wins)];
}
const few = { resamples: 200 };

describe("a method against the large model", () => {
  it("is non-inferior when the lower bound is above the margin", () => {
    const result = compareToLarge(...outcomes(20, 10, 200));
    expect(result).toMatchObject({ n: 200, difference: 0.05, verdict: "non-inferior", wins: 20, losses: 10 });
    // Normal approximation of the one-sided 95 % bounds: 0.05 ± 1.645 * 0.0270.
    expect(result.low).toBeCloseTo(0.006, 2);
    expect(result.high).toBeCloseTo(0.094, 2);
  });

  it("is inferior when the upper bound is below the margin", () => {
    expect(compareToLarge(...outcomes(5, 60, 200))).toMatchObject({ difference: -0.275, verdict: "inferior" });
  });

  it("is undecided in between, also where it looks better", () => {
    expect(compareToLarge(...outcomes(3, 2, 15)).verdict).toBe("undecided");
    expect(compareToLarge(...outcomes(10, 16, 100)).verdict).toBe("undecided");
  });

  it("is undecided where a bound is just the margin", () => {
    expect(compareToLarge(...outcomes(12, 9, 100))).toMatchObject({ low: -0.05, verdict: "undecided" });
    expect(compareToLarge(...outcomes(8, 22, 100))).toMatchObject({ high: -0.05, verdict: "undecided" });
  });

  it("can be non-inferior by a wider margin only", () => {
    const both = outcomes(10, 14, 200);
    expect(compareToLarge(...both).verdict).toBe("undecided");
    expect(compareToLarge(...both, { marginPoints: 7 }).verdict).toBe("non-inferior");
  });

  it("is undecided after few problems that tell nothing apart, and non-inferior after many", () => {
    const alike = (n: number) => compareToLarge(...outcomes(0, 0, n));
    expect(alike(10)).toMatchObject({ difference: 0, verdict: "undecided", mcnemar: 1 });
    expect(alike(10).low).toBeCloseTo(-0.213, 3);
    expect(alike(10).high).toBeCloseTo(0.213, 3);
    expect(alike(51).verdict).toBe("undecided");
    expect(alike(52).verdict).toBe("non-inferior");
  });

  it("is undecided after few problems without a loss", () => {
    // No resample holds a loss: the bootstrap alone would be sure.
    expect(compareToLarge(...outcomes(1, 0, 10)).verdict).toBe("undecided");
  });

  it("is undecided without problems", () => {
    expect(compareToLarge([], [])).toEqual({
      n: 0,
      difference: null,
      low: -1,
      high: 1,
      verdict: "undecided",
      wins: 0,
      losses: 0,
      mcnemar: 1,
    });
  });

  it("is never non-inferior when every problem is lost, and never inferior when none is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 100, noNaN: true }), (n, marginPoints) => {
        const lost = compareToLarge(...outcomes(0, n, n), { ...few, marginPoints });
        expect(lost).toMatchObject({ difference: -1, low: -1 });
        expect(lost.verdict).not.toBe("non-inferior");
        expect(compareToLarge(...outcomes(n, 0, n), { ...few, marginPoints }).verdict).not.toBe("inferior");
      }),
    );
  });

  it("has bounds around the difference, within -1 … 1, that widen with the level", () => {
    fc.assert(
      fc.property(pairs({ minLength: 1 }), ([method, large]) => {
        const { difference, low, high } = compareToLarge(method, large, few);
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(difference!);
        expect(high).toBeGreaterThanOrEqual(difference!);
        const sure = compareToLarge(method, large, { ...few, level: 0.99 });
        expect(sure.low).toBeLessThanOrEqual(low);
        expect(sure.high).toBeGreaterThanOrEqual(high);
      }),
    );
  });

  it("is mirrored when the two change places", () => {
    fc.assert(
      fc.property(pairs({ minLength: 1 }), ([method, large]) => {
        const one = compareToLarge(method, large, few);
        const other = compareToLarge(large, method, few);
        expect(one.low).toBeCloseTo(-other.high, 12);
        expect(one.high).toBeCloseTo(-other.low, 12);
        expect([one.wins, one.losses, one.mcnemar]).toEqual([other.losses, other.wins, other.mcnemar]);
      }),
    );
  });

  it("does not get worse when a lost problem is won", () => {
    fc.assert(
      fc.property(pairs({ minLength: 1 }), fc.nat(), ([method, large], at) => {
        const better = method.map((right, i) => right || i === at % method.length);
        const [one, other] = [compareToLarge(method, large, few), compareToLarge(better, large, few)];
        expect(other.low).toBeGreaterThanOrEqual(one.low - 1e-12);
        expect(other.high).toBeGreaterThanOrEqual(one.high - 1e-12);
      }),
    );
  });

  it("says the same again for the same seed", () => {
    const both = outcomes(7, 9, 50);
    expect(compareToLarge(...both, { seed: 4 })).toEqual(compareToLarge(...both, { seed: 4 }));
  });

  it.each([
    [20, 0],
    [20, 0.05],
    [60, 0.02],
    [60, 0.1],
  ])("seldom calls a method non-inferior that loses just the margin (n = %i, wins %f)", (n, wins) => {
    let wrong = 0;
    for (let run = 0; run < 400; run++) {
      const draws = Array.from({ length: n }, (_, i) => chance(`size ${n}/${wins}/${run}/${i}`));
      const won = draws.map((draw) => draw < wins);
      const lost = draws.map((draw) => draw >= wins && draw < wins + (wins + 0.05));
      const method = lost.map((only) => !only);
      const large = won.map((only) => !only);
      if (compareToLarge(method, large, { resamples: 300, seed: run }).verdict === "non-inferior") wrong++;
    }
    // 5 % is what the level promises. For n = 20, the bootstrap alone is at 36 and 13 %.
    expect(wrong / 400).toBeLessThan(0.08);
  });

  it("refuses lists of different lengths", () => {
    expect(() => compareToLarge([true], [])).toThrow(/\[OPTIONS_INVALID\] method and large: 1 and 0 values/);
  });

  it.each([{ marginPoints: -1 }, { marginPoints: 101 }, { level: 0.5 }, { margin: 5 }, { resamples: 1 }])(
    "refuses %o",
    (options) => {
      const name = Object.keys(options)[0]!;
      expect(() => compareToLarge([true], [true], options)).toThrow(new RegExp(`\\[OPTIONS_INVALID\\].*${name}`));
    },
  );
});
