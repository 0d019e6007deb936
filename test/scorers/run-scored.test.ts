import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runScored } from "../../src/scorers/run-scored.js";

const score = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null });
const scores = fc.array(score, { minLength: 1, maxLength: 10 });
const threshold = fc.double({ min: 0, max: 1, noNaN: true });

describe("a stage replayed on its samples' scores", () => {
  it("accepts the highest at the threshold, of equals the first", () => {
    expect(runScored([0.2, null, 0.8, 0.8], { threshold: 0.8 })).toEqual({
      decision: "accept",
      leader: 2,
      drawn: 4,
      waves: 1,
      low: 0.8,
    });
    expect(runScored([0.2, 0.79], { threshold: 0.8 })).toMatchObject({ decision: "escalate", leader: 1, low: 0.79 });
  });

  it("never accepts where no sample can win", () => {
    expect(runScored([null, null], { threshold: 0 })).toEqual({
      decision: "escalate",
      leader: undefined,
      drawn: 2,
      waves: 1,
      low: 0,
    });
  });

  it("asks for all samples at once", () => {
    expect(runScored([0.9], { threshold: 0.1, planned: 3 })).toMatchObject({ decision: "sample", drawn: 3, waves: 1 });
    expect(() => runScored([], { threshold: 0.5 })).toThrow("[OPTIONS_INVALID]");
    expect(() => runScored([1, 1], { threshold: 0.5, planned: 1 })).toThrow("[OPTIONS_INVALID]");
  });

  it("accepts less as the threshold rises, and more as scores rise", () => {
    fc.assert(
      fc.property(scores, threshold, threshold, fc.nat(9), (of, a, b, at) => {
        const accepts = (values: readonly (number | null)[], t: number) =>
          runScored(values, { threshold: t }).decision === "accept";
        expect(!accepts(of, Math.max(a, b)) || accepts(of, Math.min(a, b))).toBe(true);
        expect(!accepts(of, a) || accepts(of.with(at % of.length, 1), a)).toBe(true);
      }),
    );
  });

  it("has the same confidence and decision in whatever order the samples come", () => {
    const two = scores.chain((of) =>
      fc.tuple(fc.constant(of), fc.shuffledSubarray(of, { minLength: of.length, maxLength: of.length })),
    );
    fc.assert(
      fc.property(two, threshold, ([of, other], t) => {
        const [a, b] = [of, other].map((each) => runScored(each, { threshold: t }));
        expect([b!.low, b!.decision]).toEqual([a!.low, a!.decision]);
      }),
    );
  });
});
