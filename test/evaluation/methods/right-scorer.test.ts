import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossFit, foldOf, trainScorer, type Vector } from "../../../src/evaluation/methods/right-scorer.js";

const FOLDS = 3;

const number = fc.double({ min: -1, max: 1, noNaN: true });
const examples: fc.Arbitrary<Vector[]> = fc
  .array(fc.record({ vector: fc.array(number, { minLength: 4, maxLength: 4 }), right: fc.boolean() }), {
    minLength: 8,
    maxLength: 24,
  })
  .map((rows) => rows.map((row, i) => ({ ...row, problem: `p${i}`, model: "m" })));

const scoresOf = (all: readonly Vector[], fold: number) => {
  const scorerOf = crossFit(all, FOLDS);
  const held = all.filter(({ problem }) => foldOf(problem, FOLDS) === fold);
  return held.map(({ problem, vector }) => scorerOf(problem)?.(vector));
};

describe("a trained scorer", () => {
  it("never learns from a fold that it scores: other grades there change nothing", () => {
    fc.assert(
      fc.property(examples, fc.nat(FOLDS - 1), fc.infiniteStream(fc.boolean()), (all, fold, coins) => {
        const other = all.map((one) =>
          foldOf(one.problem, FOLDS) === fold ? { ...one, right: coins.next().value! } : one,
        );
        expect(scoresOf(other, fold)).toEqual(scoresOf(all, fold));
      }),
      { numRuns: 40 },
    );
  });

  it("does learn from the other folds", () => {
    const all = Array.from({ length: 24 }, (_, i): Vector => {
      const right = i % 2 === 0;
      return { problem: `p${i}`, vector: [right ? 1 : -1, (i * 7) % 5], right, model: "m" };
    });
    const flipped = all.map((one) => (foldOf(one.problem, FOLDS) === 0 ? one : { ...one, right: !one.right }));
    scoresOf(all, 0).forEach((score, i) => expect(Math.abs(score! - scoresOf(flipped, 0)[i]!)).toBeGreaterThan(0.5));
  });

  it("gives a chance, whatever the scale of vectors, and constant numbers in them", () => {
    fc.assert(
      fc.property(examples, fc.constantFrom(1e-6, 1, 1e6), (all, scale) => {
        const scaled = all.map((one) => ({ ...one, vector: [...one.vector.map((x) => x * scale), 7] }));
        const scorer = trainScorer(scaled);
        for (const { vector } of scaled) {
          const chance = scorer(vector);
          expect(chance).toBeGreaterThanOrEqual(0);
          expect(chance).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is the share where all are right, or all wrong", () => {
    const one = (right: boolean): Vector => ({ problem: "p", vector: [1, 2], right, model: "m" });
    expect(trainScorer([one(true), one(true)])([5, 5])).toBe(1);
    expect(trainScorer([one(false)])([5, 5])).toBe(0);
  });
});
