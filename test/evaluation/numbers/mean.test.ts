import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapMean } from "../../../src/evaluation/numbers/bootstrap.js";
import { meanOf } from "../../../src/evaluation/numbers/mean.js";

describe("the mean of figures", () => {
  it("comes with the bootstrap's interval", () => {
    const values = [1, 2, 6];
    expect(meanOf(values, { seed: 3 })).toEqual({
      mean: 3,
      interval: bootstrapMean(values, { seed: 3 }),
      n: 3,
      unknown: 0,
    });
  });

  it("is unknown as soon as one value is, wherever it stands", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(100)), { minLength: 1, maxLength: 10 }), (values) => {
        const unknown = values.filter((value) => value === null).length;
        const { mean, interval, ...counts } = meanOf(values, { resamples: 100 });
        expect(counts).toEqual({ n: values.length, unknown });
        expect(mean === null).toBe(unknown > 0);
        expect(interval === null).toBe(unknown > 0 || values.length < 2);
      }),
    );
  });

  it("tells a cost of 0 from an unknown one", () => {
    expect(meanOf([0, 0])).toEqual({ mean: 0, interval: [0, 0], n: 2, unknown: 0 });
    expect(meanOf([0, null])).toEqual({ mean: null, interval: null, n: 2, unknown: 1 });
  });

  it("has no value without values, and no interval with one", () => {
    expect(meanOf([])).toEqual({ mean: null, interval: null, n: 0, unknown: 0 });
    expect(meanOf([4])).toEqual({ mean: 4, interval: null, n: 1, unknown: 0 });
  });

  it("refuses what is neither a number nor unknown, and says where", () => {
    expect(() => meanOf([null, NaN])).toThrow(/\[OPTIONS_INVALID\] values: .*position 1/);
    expect(() => meanOf([undefined as unknown as null])).toThrow("[OPTIONS_INVALID] values");
  });
});
