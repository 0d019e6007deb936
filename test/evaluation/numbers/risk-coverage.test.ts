import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { riskCoverage } from "../../../src/evaluation/numbers/risk-coverage.js";
import { scored } from "./arbitraries.js";

describe("the risk-coverage curve", () => {
  it("tells for each threshold what is accepted and how much of it is right", () => {
    const { points, aurc } = riskCoverage([0.9, 0.5, 0.9, 0.1], [true, false, false, true]);
    expect(points).toEqual([
      { threshold: 0.9, coverage: 0.5, accuracy: 0.5 },
      { threshold: 0.5, coverage: 0.75, accuracy: 1 / 3 },
      { threshold: 0.1, coverage: 1, accuracy: 0.5 },
    ]);
    expect(aurc).toBeCloseTo(0.5 * 0.5 + 0.25 * (2 / 3) + 0.25 * 0.5, 12);
  });

  it("agrees with accepting by each threshold", () => {
    fc.assert(
      fc.property(scored({ minLength: 1 }), ({ scores, labels }) => {
        const { points } = riskCoverage(scores, labels);
        expect(points.map(({ threshold }) => threshold)).toEqual([...new Set(scores)].toSorted((a, b) => b - a));
        for (const { threshold, coverage, accuracy } of points) {
          const accepted = labels.filter((_, i) => scores[i]! >= threshold);
          expect(coverage).toBe(accepted.length / labels.length);
          expect(accuracy).toBe(accepted.filter(Boolean).length / accepted.length);
        }
        expect(points.at(-1)!.coverage).toBe(1);
      }),
    );
  });

  it("has an area that is the mean risk over coverages where no scores are equal", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), (labels) => {
        const risks = labels.map((_, i) => 1 - labels.slice(0, i + 1).filter(Boolean).length / (i + 1));
        const mean = risks.reduce((sum, risk) => sum + risk, 0) / risks.length;
        const falling = labels.map((_, i) => -i);
        expect(riskCoverage(falling, labels).aurc).toBeCloseTo(mean, 12);
      }),
    );
  });

  it("has the smallest area when right answers come first, the largest when wrong ones do", () => {
    fc.assert(
      fc.property(scored({ minLength: 1 }), ({ scores, labels }) => {
        const { aurc } = riskCoverage(scores, labels);
        expect(aurc).toBeGreaterThanOrEqual(riskCoverage(sorted(labels), ranks(labels)).aurc! - 1e-12);
        expect(aurc).toBeLessThanOrEqual(riskCoverage(sorted(labels), ranks(labels).toReversed()).aurc! + 1e-12);
      }),
    );
  });

  it("is empty without problems", () => {
    expect(riskCoverage([], [])).toEqual({ points: [], aurc: null });
  });

  it("refuses lists of different lengths and scores that are no numbers", () => {
    expect(() => riskCoverage([1], [])).toThrow("[OPTIONS_INVALID] scores and labels");
    expect(() => riskCoverage([Infinity], [true])).toThrow("[OPTIONS_INVALID] scores");
  });
});

/** Falling scores without ties, and the labels with the right ones first. */
const sorted = (labels: readonly boolean[]): number[] => labels.map((_, i) => -i);
const ranks = (labels: readonly boolean[]): boolean[] => labels.toSorted((a, b) => Number(b) - Number(a));
