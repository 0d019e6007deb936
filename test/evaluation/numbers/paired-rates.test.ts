import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairedRates } from "../../../src/evaluation/numbers/paired-rates.js";
import { wilson } from "../../../src/evaluation/numbers/wilson.js";

/** How many problems were won, lost and neither. */
const counts = fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60)).filter((all) => all.some((count) => count > 0));

describe("the interval for a paired difference", () => {
  it("is as wide as one unseen win or loss rate could be where nothing tells the two apart", () => {
    const [low, high] = pairedRates(0, 0, 30, 0.95);
    expect(low).toBeCloseTo(-wilson(0, 30)[1], 12);
    expect(high).toBeCloseTo(wilson(0, 30)[1], 12);
  });

  it("is Wilson's own where every problem tells them apart", () => {
    // Then the difference is 2 * wins / n - 1, and nothing else is left to estimate.
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (wins, losses) => {
        const n = wins + losses + 2;
        const [low, high] = pairedRates(wins + 1, losses + 1, n, 0.95);
        const [winsLow, winsHigh] = wilson(wins + 1, n);
        expect(low).toBeCloseTo(2 * winsLow - 1, 9);
        expect(high).toBeCloseTo(2 * winsHigh - 1, 9);
      }),
    );
  });

  it("stays within -1 … 1, and moves up with every problem won instead of lost", () => {
    fc.assert(
      fc.property(counts, ([wins, losses, neither]) => {
        const n = wins + losses + neither;
        const [low, high] = pairedRates(wins, losses, n, 0.95);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        expect(low).toBeLessThan(high);
        const [lowBetter, highBetter] = pairedRates(wins + losses, 0, n, 0.95);
        expect(lowBetter).toBeGreaterThanOrEqual(low - 1e-12);
        expect(highBetter).toBeGreaterThanOrEqual(high - 1e-12);
      }),
    );
  });
});
