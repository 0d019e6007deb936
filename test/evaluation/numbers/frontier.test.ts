import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accuracyAtCost, costAtAccuracy, paretoFrontier } from "../../../src/evaluation/numbers/frontier.js";

const point = fc.record({
  cost: fc.integer({ min: 0, max: 20 }),
  accuracy: fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20),
});
const curves = fc.array(point, { minLength: 1, maxLength: 12 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("the Pareto frontier", () => {
  it("keeps the points that no other beats, by rising cost", () => {
    fc.assert(
      fc.property(curves, (points) => {
        const frontier = paretoFrontier(points);
        const beaten = (a: (typeof points)[0]) =>
          points.some(
            (b) => b.cost <= a.cost && b.accuracy >= a.accuracy && (b.cost < a.cost || b.accuracy > a.accuracy),
          );
        for (const one of points) {
          const there = frontier.some(({ cost, accuracy }) => cost === one.cost && accuracy === one.accuracy);
          expect(there).toBe(!beaten(one));
        }
        for (let i = 1; i < frontier.length; i++) {
          expect(frontier[i]!.cost).toBeGreaterThan(frontier[i - 1]!.cost);
          expect(frontier[i]!.accuracy).toBeGreaterThan(frontier[i - 1]!.accuracy);
        }
      }),
    );
  });

  it("hands points back whole, and leaves out those of unknown cost or accuracy", () => {
    const points = [
      { name: "large", cost: 10, accuracy: 0.9 },
      { name: "unpriced", cost: null, accuracy: 1 },
      { name: "ungraded", cost: 0, accuracy: null },
      { name: "small", cost: 0, accuracy: 0.4 },
    ];
    expect(paretoFrontier(points).map(({ name }) => name)).toEqual(["small", "large"]);
    expect(paretoFrontier([])).toEqual([]);
  });

  it("refuses costs and accuracies that cannot be, and says which", () => {
    const fine = { cost: null, accuracy: null };
    expect(() => paretoFrontier([fine, { cost: NaN, accuracy: 1 }])).toThrow(/\[OPTIONS_INVALID\] cost: .*position 1/);
    expect(() => paretoFrontier([{ cost: -1, accuracy: 1 }])).toThrow("[OPTIONS_INVALID] cost");
    expect(() => costAtAccuracy([{ cost: 1, accuracy: 90 }], 0.9)).toThrow("[OPTIONS_INVALID] accuracy");
  });
});

describe("reading a curve of cost and accuracy", () => {
  const curve = [
    { cost: 300, accuracy: 0.8 },
    { cost: 100, accuracy: 0.5 },
    { cost: 200, accuracy: 0.7 },
    { cost: 400, accuracy: 0.6 },
  ];

  it("goes straight from point to point", () => {
    expect(accuracyAtCost(curve, 150)).toBeCloseTo(0.6, 12);
    expect(accuracyAtCost(curve, 200)).toBe(0.7);
    expect(costAtAccuracy(curve, 0.6)).toBeCloseTo(150, 12);
    expect(costAtAccuracy(curve, 0.8)).toBe(300);
  });

  it("does not pay more for less", () => {
    expect(accuracyAtCost(curve, 350)).toBe(0.8);
    const falling = [
      { cost: 1, accuracy: 0.8 },
      { cost: 2, accuracy: 0.5 },
    ];
    expect(costAtAccuracy(falling, 0.6)).toBe(1);
  });

  it("says nothing beyond what was measured", () => {
    expect(accuracyAtCost(curve, 99)).toBeNull();
    expect(accuracyAtCost(curve, 401)).toBeNull();
    expect(costAtAccuracy(curve, 0.49)).toBeNull();
    expect(costAtAccuracy(curve, 0.81)).toBeNull();
    expect(accuracyAtCost([], 1)).toBeNull();
    expect(costAtAccuracy([{ cost: null, accuracy: 0.5 }], 0.5)).toBeNull();
  });

  it("gives both ways the same, and at least what any point gives", () => {
    fc.assert(
      fc.property(curves, share, (points, at) => {
        const frontier = paretoFrontier(points);
        const [first, last] = [frontier[0]!, frontier.at(-1)!];
        const accuracy = first.accuracy + at * (last.accuracy - first.accuracy);
        fc.pre(accuracy >= first.accuracy && accuracy <= last.accuracy);
        const cost = costAtAccuracy(points, accuracy)!;
        expect(cost).toBeGreaterThanOrEqual(first.cost);
        expect(cost).toBeLessThanOrEqual(last.cost);
        expect(accuracyAtCost(points, cost)).toBeCloseTo(accuracy, 9);
        for (const one of points) {
          expect(accuracyAtCost(points, one.cost)).toBeGreaterThanOrEqual(one.accuracy);
          expect(costAtAccuracy(points, one.accuracy)).toBeLessThanOrEqual(one.cost);
        }
      }),
    );
  });

  it("never falls as the cost rises", () => {
    fc.assert(
      fc.property(curves, fc.tuple(share, share), (points, [a, b]) => {
        const costs = points.map(({ cost }) => cost);
        const [least, most] = [Math.min(...costs), Math.max(...costs)];
        const at = (part: number) => accuracyAtCost(points, Math.min(most, least + part * (most - least)))!;
        expect(at(Math.max(a, b))).toBeGreaterThanOrEqual(at(Math.min(a, b)) - 1e-12);
      }),
    );
  });
});
