import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mcnemar } from "../../../src/evaluation/numbers/mcnemar.js";

const count = fc.integer({ min: 0, max: 300 });

describe("McNemar's exact test", () => {
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 5, 1],
    [0, 5, 2 / 32],
    [1, 9, (2 * (1 + 10)) / 1024],
    [3, 10, (2 * (1 + 13 + 78 + 286)) / 8192],
    [8, 2, (2 * (1 + 10 + 45)) / 1024],
  ])("of %i against %i gives %f, as counted by hand", (wins, losses, p) => {
    expect(mcnemar(wins, losses)).toBeCloseTo(p, 9);
  });

  it("is symmetric, within 0 … 1, and falls as the split becomes less even", () => {
    fc.assert(
      fc.property(count, count, (wins, losses) => {
        const p = mcnemar(wins, losses);
        expect(p).toBe(mcnemar(losses, wins));
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        const [more, less] = [Math.max(wins, losses), Math.min(wins, losses)];
        expect(mcnemar(more + 1, Math.max(0, less - 1))).toBeLessThanOrEqual(p);
      }),
    );
  });

  it.each([
    [-1, 3],
    [3, -1],
    [0.5, 1],
    [NaN, 1],
  ])("refuses %d against %d", (wins, losses) => {
    expect(() => mcnemar(wins, losses)).toThrow("[OPTIONS_INVALID] wins");
  });
});
