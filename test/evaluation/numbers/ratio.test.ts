import * as fc from "fast-check";
import { expect, it } from "vitest";
import { ratioOfSums } from "../../../src/evaluation/numbers/ratio.js";

const cost = fc.integer({ min: 1, max: 1_000 });

it("is the ratio of the sums, which lies between the least and the greatest of the single ratios", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cost, cost), { minLength: 2, maxLength: 12 }), (pairs) => {
      const { ratio, interval, n } = ratioOfSums(pairs, { resamples: 200 });
      const single = pairs.map(([part, whole]) => part / whole);
      expect(n).toBe(pairs.length);
      for (const figure of [ratio!, ...interval!]) {
        expect(figure).toBeGreaterThanOrEqual(Math.min(...single) - 1e-9);
        expect(figure).toBeLessThanOrEqual(Math.max(...single) + 1e-9);
      }
    }),
  );
});

it.each<[string, (readonly [number | null, number | null])[]]>([
  [
    "one cost is unknown",
    [
      [1, 2],
      [null, 2],
    ],
  ],
  [
    "there is nothing to hold it against",
    [
      [1, 0],
      [2, 0],
    ],
  ],
  ["there is no problem", []],
])("is null where %s", (_, pairs) => {
  expect(ratioOfSums(pairs)).toEqual({ ratio: null, interval: null, n: pairs.length });
});
