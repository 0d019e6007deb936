import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrap, bootstrapMean, resample, tails } from "../../../src/evaluation/numbers/bootstrap.js";
import { chance } from "../../support/random.js";

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 30 });
const few = { resamples: 200 };

describe("the bootstrap", () => {
  it("gives the same interval for the same seed, and another for another", () => {
    const data = Array.from({ length: 40 }, (_, i) => chance(`seed ${i}`));
    expect(bootstrapMean(data)).toEqual(bootstrapMean(data, { seed: 0, resamples: 10_000, level: 0.95 }));
    expect(bootstrapMean(data, { seed: 1 })).not.toEqual(bootstrapMean(data));
  });

  it("keeps what belongs to a problem together", () => {
    // Two lists that differ by 1 everywhere: unpaired resamples would differ by other amounts.
    const one = Array.from({ length: 30 }, (_, i) => Math.floor(100 * chance(`pair ${i}`)));
    const sum = (list: number[], indices: Int32Array) => indices.reduce((total, i) => total + list[i]!, 0);
    const other = one.map((value) => value + 1);
    expect(bootstrap(30, (indices) => sum(other, indices) - sum(one, indices), few)).toEqual([30, 30]);
  });

  it("draws every problem, with repetition, equally often", () => {
    const counts = Array.from({ length: 7 }, () => 0);
    let repeated = 0;
    resample(7, (indices) => {
      for (const i of indices) counts[i]!++;
      if (new Set(indices).size < 7) repeated++;
      return 0;
    });
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    // 7! of 7^7 draws have no repetition: 0.6 %.
    expect(repeated).toBeGreaterThan(9_800);
  });

  it("stays within the values", () => {
    fc.assert(
      fc.property(values, (data) => {
        const [low, high] = bootstrapMean(data, few)!;
        const slack = 1e-9 * Math.max(...data.map(Math.abs));
        expect(low).toBeGreaterThanOrEqual(Math.min(...data) - slack);
        expect(high).toBeLessThanOrEqual(Math.max(...data) + slack);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  it("widens with the level, and moves with the values", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -1000, max: 1000 }), (data, by) => {
        const [low, high] = bootstrapMean(data, few)!;
        const [lower, higher] = bootstrapMean(data, { ...few, level: 0.99 })!;
        expect(lower).toBeLessThanOrEqual(low);
        expect(higher).toBeGreaterThanOrEqual(high);
        const moved = bootstrapMean(
          data.map((value) => value + by),
          few,
        )!;
        expect(moved[0]).toBeCloseTo(low + by, 6);
        expect(moved[1]).toBeCloseTo(high + by, 6);
      }),
    );
  });

  it("holds the true mean about as often as it says", () => {
    let covered = 0;
    for (let run = 0; run < 300; run++) {
      // Exponential, as skewed as costs are: the true mean is 1.
      const data = Array.from({ length: 60 }, (_, i) => -Math.log(1 - chance(`coverage ${run}/${i}`)));
      const [low, high] = bootstrapMean(data, { resamples: 400, seed: run })!;
      if (low <= 1 && 1 <= high) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.88);
    expect(covered / 300).toBeLessThan(0.99);
  });

  it("says nothing of fewer than two values", () => {
    expect(bootstrapMean([])).toBeNull();
    expect(bootstrapMean([3])).toBeNull();
  });

  it("leaves out resamples in which the figure does not exist", () => {
    const exists = (indices: Int32Array) => (indices.includes(0) ? 1 : NaN);
    const figures = resample(5, exists, few);
    expect(figures.length).toBeGreaterThan(0);
    expect(figures.length).toBeLessThan(200);
    expect(bootstrap(5, exists, few)).toEqual([1, 1]);
    expect(bootstrap(5, () => NaN, few)).toBeNull();
  });

  it("takes as tails the figures with that share below or at them", () => {
    const figures = Float64Array.from({ length: 10_000 }, (_, i) => i + 1);
    expect(tails(figures, 0.025)).toEqual([250, 9751]);
    expect(tails(figures, (1 - 0.95) / 2)).toEqual([250, 9751]);
    expect(tails(figures, 1 - 0.95)).toEqual([500, 9501]);
    expect(tails(Float64Array.of(7), 0.025)).toEqual([7, 7]);
  });

  it.each([{ resamples: 0 }, { resamples: 1.5 }, { seed: 0.5 }, { level: 1 }, { level: 95 }, { samples: 3 }])(
    "refuses %o",
    (options) => {
      const name = Object.keys(options)[0]!;
      expect(() => bootstrapMean([1, 2], options)).toThrow(new RegExp(`\\[OPTIONS_INVALID\\] Bootstrap: .*${name}`));
    },
  );

  it("refuses values that are no numbers, and says where", () => {
    expect(() => bootstrapMean([1, NaN])).toThrow(/\[OPTIONS_INVALID\] values: .*NaN is given at position 1/);
  });
});
