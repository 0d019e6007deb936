import * as fc from "fast-check";
import jStat from "jstat";
import { describe, expect, it } from "vitest";
import { wilson } from "../../../src/evaluation/numbers/wilson.js";

const trials = fc.integer({ min: 1, max: 2000 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe("Wilson's interval", () => {
  it.each([
    // Newcombe 1998, table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [9, 15, 0.3575, 0.8018],
  ])("of %i in %i is [%f, %f], as published", (hits, n, low, high) => {
    const interval = wilson(hits, n);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it("is everything where nothing was tried", () => {
    expect(wilson(0, 0)).toEqual([0, 1]);
  });

  it("holds the observed share and stays within 0 … 1", () => {
    fc.assert(
      fc.property(trials, fc.double({ min: 0.01, max: 0.999, noNaN: true }), ([hits, n], level) => {
        const [low, high] = wilson(hits, n, level);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(hits / n);
        expect(high).toBeGreaterThanOrEqual(hits / n);
        expect(low).toBeLessThan(high);
      }),
    );
  });

  it("is mirrored when hits and misses change places", () => {
    fc.assert(
      fc.property(trials, ([hits, n]) => {
        const [low, high] = wilson(hits, n);
        const [lowMisses, highMisses] = wilson(n - hits, n);
        expect(lowMisses).toBeCloseTo(1 - high, 12);
        expect(highMisses).toBeCloseTo(1 - low, 12);
      }),
    );
  });

  it("rises with the hits, narrows with the trials and widens with the level", () => {
    fc.assert(
      fc.property(trials, ([hits, n]) => {
        const [low, high] = wilson(hits, n);
        const [lowMore, highMore] = wilson(hits + 1, n + 1);
        expect(lowMore).toBeGreaterThan(low);
        expect(highMore).toBeGreaterThanOrEqual(high);
        const [lowTwice, highTwice] = wilson(2 * hits, 2 * n);
        expect(highTwice - lowTwice).toBeLessThan(high - low);
        const [lowSure, highSure] = wilson(hits, n, 0.99);
        expect(highSure - lowSure).toBeGreaterThan(high - low);
      }),
    );
  });

  it.each([15, 60])("holds the true share about as often as it says (n = %i)", (n) => {
    const coverages = Array.from({ length: 181 }, (_, i) => 0.05 + i / 200).map((share) => {
      let covered = 0;
      for (let hits = 0; hits <= n; hits++) {
        const [low, high] = wilson(hits, n);
        if (!(low <= share && share <= high)) continue;
        const below = hits === 0 ? 0 : jStat.binomial.cdf(hits - 1, n, share);
        covered += jStat.binomial.cdf(hits, n, share) - below;
      }
      return covered;
    });
    expect(Math.min(...coverages)).toBeGreaterThan(0.88);
    expect(jStat.mean(coverages)).toBeGreaterThan(0.94);
    expect(jStat.mean(coverages)).toBeLessThan(0.97);
  });

  it.each([
    [-1, 5],
    [6, 5],
    [0.5, 5],
    [NaN, 5],
    [0, -1],
    [0, Infinity],
  ])("refuses %d of %d", (hits, n) => {
    expect(() => wilson(hits, n)).toThrow(`[OPTIONS_INVALID] hits: ${hits} of ${n} is impossible.`);
  });

  it.each([0, 1, NaN, 95])("refuses the level %d", (level) => {
    expect(() => wilson(1, 2, level)).toThrow(/\[OPTIONS_INVALID\] level: .* Remedy: .*0\.95/);
  });
});
