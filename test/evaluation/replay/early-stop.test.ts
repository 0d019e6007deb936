import * as fc from "fast-check";
import { expect, it } from "vitest";
import { earlyStopCurve } from "../../../src/evaluation/replay/early-stop.js";

const vote = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 6, maxLength: 6 });

it("the curve begins with the exact rule, which flips nothing, and saves more at every larger chance", () => {
  fc.assert(
    fc.property(
      fc.array(vote, { minLength: 1, maxLength: 10 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (votes, t) => {
        const curve = earlyStopCurve(votes, t, [0, 0.01, 0.1, 0.3]);
        expect(curve[0]).toMatchObject({ flipped: 0, planned: 6 * votes.length, votes: votes.length });
        for (const [i, point] of curve.slice(1).entries()) expect(point.drawn).toBeLessThanOrEqual(curve[i]!.drawn);
      },
    ),
    { seed: 1 },
  );
});

it("the curve counts a vote as flipped that all draws would have decided otherwise", () => {
  // Five that agree of eight are likely to become six; here they do not.
  const turned = [0, 0, 0, 0, 0, 1, 1, 1];
  const kept = [0, 0, 0, 0, 0, 0, 0, 0];
  expect(earlyStopCurve([turned, kept], 0.75, [0, 0.1])).toMatchObject([
    { drawn: 14, flipped: 0 },
    { drawn: 8, flipped: 1, saved: 0.5 },
  ]);
});
