import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  brierScore,
  expectedCalibrationError,
  reliabilityBins,
} from "../../../src/evaluation/numbers/calibration-error.js";
import { wilson } from "../../../src/evaluation/numbers/wilson.js";
import { scored } from "./arbitraries.js";

describe("calibration", () => {
  it("errs by the distance of score and accuracy, weighted by problems", () => {
    const scores = [0.95, 0.95, 0.95, 0.95, 0.25, 0.25];
    const labels = [true, true, true, false, false, false];
    // 4/6 * |0.95 - 0.75| + 2/6 * |0.25 - 0|
    expect(expectedCalibrationError(scores, labels)).toBeCloseTo((4 * 0.2 + 2 * 0.25) / 6, 12);
  });

  it("errs by nothing where shares are as told", () => {
    expect(expectedCalibrationError([0.5, 0.5, 1, 0], [true, false, true, false])).toBe(0);
    expect(expectedCalibrationError([1, 1], [false, false])).toBe(1);
  });

  it("errs with one bin by the distance of the means", () => {
    fc.assert(
      fc.property(scored({ minLength: 1 }), ({ scores, labels }) => {
        const score = scores.reduce((sum, value) => sum + value, 0) / scores.length;
        const accuracy = labels.filter(Boolean).length / labels.length;
        const error = expectedCalibrationError(scores, labels, 1)!;
        expect(error).toBeCloseTo(Math.abs(score - accuracy), 12);
        // Finer bins can only take apart what evened out.
        expect(expectedCalibrationError(scores, labels)!).toBeGreaterThanOrEqual(error - 1e-12);
      }),
    );
  });

  it("puts every problem into the one bin around its score", () => {
    const anyBins = fc.integer({ min: 1, max: 30 });
    const percents = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 40 });
    fc.assert(
      fc.property(percents, anyBins, (hundredths, bins) => {
        const scores = hundredths.map((percent) => percent / 100);
        const all = reliabilityBins(
          scores,
          scores.map(() => true),
          bins,
        );
        expect(all).toHaveLength(bins);
        expect([all[0]!.from, all.at(-1)!.to]).toEqual([0, 1]);
        for (const [at, { from, to, n }] of all.entries())
          expect(n).toBe(
            scores.filter((score) => from <= score && (score < to || (at === bins - 1 && score === 1))).length,
          );
        expect(all.reduce((sum, { n }) => sum + n, 0)).toBe(scores.length);
      }),
    );
  });

  it("puts a score on an edge into the bin that begins there", () => {
    // 1 / 49 * 49 is less than 1.
    expect(reliabilityBins([1 / 49], [true], 49)[1]!.n).toBe(1);
  });

  it("tells each bin's mean score, accuracy and interval, and nothing of an empty one", () => {
    const [low, high] = reliabilityBins([0.6, 1, 0.8], [true, false, true], 2);
    expect(low).toEqual({ from: 0, to: 0.5, n: 0, confidence: null, accuracy: null, interval: [0, 1] });
    expect(high).toMatchObject({ from: 0.5, to: 1, n: 3, accuracy: 2 / 3, interval: wilson(2, 3) });
    expect(high!.confidence).toBeCloseTo(0.8, 12);
  });

  it("scores by Brier: 0 when certain and right, 1 when certain and wrong, 0.25 for always a half", () => {
    expect(brierScore([1, 0], [true, false])).toBe(0);
    expect(brierScore([1, 0], [false, true])).toBe(1);
    expect(brierScore([0.5, 0.5, 0.5], [true, false, true])).toBe(0.25);
    expect(brierScore([0.7, 0.2], [true, true])).toBeCloseTo((0.09 + 0.64) / 2, 12);
  });

  it("has no value without problems", () => {
    expect(expectedCalibrationError([], [])).toBeNull();
    expect(brierScore([], [])).toBeNull();
  });

  it("refuses what is no probability, lists of different lengths, and no bins", () => {
    for (const wrong of [-0.1, 1.1, NaN]) {
      expect(() => expectedCalibrationError([0.5, wrong], [true, true])).toThrow(
        /\[OPTIONS_INVALID\] scores: .*position 1/,
      );
      expect(() => brierScore([wrong], [true])).toThrow("[OPTIONS_INVALID] scores");
    }
    expect(() => brierScore([], [true])).toThrow("[OPTIONS_INVALID] scores and labels");
    for (const bins of [0, 2.5, NaN]) expect(() => reliabilityBins([], [], bins)).toThrow("[OPTIONS_INVALID] bins");
  });
});
