import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auroc, aurocInterval } from "../../../src/evaluation/numbers/auroc.js";
import { chance } from "../../support/random.js";
import { scored } from "./arbitraries.js";

/** Every right answer against every wrong one. */
function byPairs(scores: readonly number[], labels: readonly boolean[]): number {
  const wins: number[] = [];
  for (const [i, right] of scores.entries())
    for (const [j, wrong] of scores.entries())
      if (labels[i] && !labels[j]) wins.push(right > wrong ? 1 : right === wrong ? 0.5 : 0);
  return wins.reduce((sum, win) => sum + win, 0) / wins.length;
}
const both = scored({ minLength: 2 }).filter(({ labels }) => new Set(labels).size === 2);
const few = { resamples: 200 };

describe("AUROC", () => {
  it("agrees with counting all pairs", () => {
    fc.assert(
      fc.property(both, ({ scores, labels }) => {
        expect(auroc(scores, labels)).toBeCloseTo(byPairs(scores, labels), 12);
      }),
    );
  });

  it("is 1 where every right answer scores higher, 0 where lower, 0.5 where all score the same", () => {
    expect(auroc([0.9, 0.8, 0.1], [true, true, false])).toBe(1);
    expect(auroc([0.9, 0.8, 0.1], [false, false, true])).toBe(0);
    expect(auroc([0.3, 0.3, 0.3], [true, true, false])).toBe(0.5);
  });

  it("turns round with the labels, and keeps under any rising scale", () => {
    fc.assert(
      fc.property(both, ({ scores, labels }) => {
        const area = auroc(scores, labels)!;
        const turned = labels.map((right) => !right);
        expect(auroc(scores, turned)).toBeCloseTo(1 - area, 12);
        expect(
          auroc(
            scores.map((score) => Math.exp(5 * score) - 7),
            labels,
          ),
        ).toBe(area);
      }),
    );
  });

  it("has no value where all are right, all are wrong, or there are none", () => {
    for (const labels of [[true, true], [false, false], []]) {
      expect(auroc([0.2, 0.4].slice(0, labels.length), labels)).toBeNull();
      expect(aurocInterval([0.2, 0.4].slice(0, labels.length), labels)).toBeNull();
    }
  });

  it("has an interval around it, within 0 … 1, the same for the same seed", () => {
    fc.assert(
      fc.property(both, ({ scores, labels }) => {
        const area = auroc(scores, labels)!;
        const [low, high] = aurocInterval(scores, labels, few)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(area);
        expect(high).toBeGreaterThanOrEqual(area);
        expect(aurocInterval(scores, labels, few)).toEqual([low, high]);
      }),
    );
  });

  it("is not sure after few answers that happen to be told apart", () => {
    expect(aurocInterval([0.9, 0.8, 0.1], [true, true, false])![0]).toBeLessThan(0.25);
    const ten = [...Array(20).keys()];
    const [low, high] = aurocInterval(
      ten,
      ten.map((i) => i >= 10),
    )!;
    expect(low).toBeCloseTo(0.722, 3);
    expect(high).toBe(1);
  });

  it.each([
    [20, 0.5],
    [40, 0.1],
    [60, 0.3],
  ])("holds the true area about as often as it says (n = %i, %f wrong)", (n, wrong) => {
    // Scores of right answers are the higher of two equal chances, so the true area is 2/3.
    let [covered, runs] = [0, 0];
    for (let run = 0; run < 250; run++) {
      const draw = (what: string, i: number) => chance(`area ${n}/${wrong}/${run}/${i}/${what}`);
      const labels = Array.from({ length: n }, (_, i) => draw("label", i) >= wrong);
      const scores = labels.map((right, i) => (right ? Math.max(draw("a", i), draw("b", i)) : draw("a", i)));
      const interval = aurocInterval(scores, labels, { resamples: 300, seed: run });
      if (interval === null) continue;
      runs++;
      if (interval[0] <= 2 / 3 && 2 / 3 <= interval[1]) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.88);
  });

  it("refuses lists of different lengths and scores that are no numbers", () => {
    expect(() => auroc([1], [])).toThrow("[OPTIONS_INVALID] scores and labels");
    expect(() => auroc([1, NaN], [true, false])).toThrow("[OPTIONS_INVALID] scores");
    expect(() => aurocInterval([1, 2], [true, false], { level: 2 })).toThrow("[OPTIONS_INVALID]");
  });
});
