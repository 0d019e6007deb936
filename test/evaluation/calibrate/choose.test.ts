import * as fc from "fast-check";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { choose, type Rows } from "../../../src/evaluation/calibrate/choose.js";
import { crossFit, foldsOf } from "../../../src/evaluation/calibrate/cross-fit.js";
import { wholeProblems } from "../../../src/evaluation/calibrate/decided.js";
import type { Setting } from "../../../src/evaluation/calibrate/settings.js";
import type { CalibrationGoal } from "../../../src/state/calibration.js";

/** Settings on n problems; the first is the large model alone. */
const settings = fc.integer({ min: 4, max: 20 }).chain((n) =>
  fc.array(
    fc
      .record({
        right: fc.array(fc.constantFrom(0, 1), { minLength: n, maxLength: n }),
        cost: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: n, maxLength: n }),
      })
      .map(({ right, cost }): Rows => ({
        right: Uint8Array.from(right),
        cost: Float64Array.from(cost),
        other: new Float64Array(n),
      })),
    { minLength: 1, maxLength: 8 },
  ),
);

const goals: fc.Arbitrary<CalibrationGoal> = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }).map((accuracy) => ({ kind: "at-least-accuracy" as const, accuracy })),
  fc.integer({ min: 0, max: 50 }).map((cost) => ({ kind: "at-most-cost" as const, cost, of: "absolute" as const })),
  fc
    .double({ min: 0, max: 1.5, noNaN: true })
    .map((cost) => ({ kind: "at-most-cost" as const, cost, of: "large" as const })),
);

const mean = (values: Iterable<number>, n: number) => [...values].reduce((sum, value) => sum + value, 0) / n;

describe("a choice", () => {
  it("meets the goal exactly where some setting does, and no setting that meets it is better", () => {
    fc.assert(
      fc.property(settings, goals, (all, goal) => {
        const n = all[0]!.right.length;
        const rows = Array.from({ length: n }, (_, i) => i);
        const { chosen, met } = choose(all, all[0]!, rows, goal);
        const figures = all.map(({ right, cost }) => ({ accuracy: mean(right, n), cost: mean(cost, n) }));
        const most = goal.kind !== "at-most-cost" ? 0 : goal.of === "large" ? goal.cost * figures[0]!.cost : goal.cost;
        const meets = ({ accuracy, cost }: { accuracy: number; cost: number }) =>
          goal.kind === "at-least-accuracy" ? accuracy >= goal.accuracy - 1e-9 : cost <= most * (1 + 1e-9);
        expect(met).toBe(figures.some(meets));
        const better = (one: { accuracy: number; cost: number }) =>
          (goal.kind === "at-least-accuracy") === met
            ? one.cost < chosen.cost - 1e-9
            : one.accuracy > chosen.accuracy + 1e-9;
        expect(figures.filter((one) => (met ? meets(one) : true) && better(one))).toEqual([]);
      }),
    );
  });

  it("reads nothing of problems that are held out", () => {
    fc.assert(
      fc.property(settings, goals, fc.integer(), (all, goal, seed) => {
        const n = all[0]!.right.length;
        const rows = Array.from({ length: n - 1 }, (_, i) => i);
        const before = choose(all, all[0]!, rows, goal).chosen;
        const other = all.map((one) => ({ ...one, right: one.right.slice(), cost: one.cost.slice() }));
        for (const one of other) one.right[n - 1] = seed & 1;
        for (const one of other) one.cost[n - 1] = Math.abs(seed % 7);
        expect(other.indexOf(choose(other, other[0]!, rows, goal).chosen.of)).toBe(all.indexOf(before.of));
      }),
    );
  });

  it("takes few equal problems for no proof that a method is not below the large model", () => {
    const same = (n: number, cost: number): Rows => ({
      right: new Uint8Array(n).fill(1),
      cost: new Float64Array(n).fill(cost),
      other: new Float64Array(n),
    });
    const chosenOf = (n: number) => {
      const all = [same(n, 10), same(n, 1)];
      const rows = Array.from({ length: n }, (_, i) => i);
      return all.indexOf(choose(all, all[0]!, rows, { kind: "not-below-large", points: 5 }).chosen.of);
    };
    expect([chosenOf(20), chosenOf(60)]).toEqual([0, 1]);
  });
});

describe("cross-fitting", () => {
  it("scores every problem once, in folds of nearly equal size, whatever the order of the problems", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 40 }), fc.nat(9), (ids, seed) => {
        const folds = foldsOf(ids, Math.min(5, ids.length), seed);
        expect(folds.flat().toSorted((a, b) => a - b)).toEqual(ids.map((_, i) => i));
        const sizes = folds.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        const turned = ids.toReversed();
        const named = (of: number[][], from: string[]) => of.map((rows) => rows.map((i) => from[i]!).toSorted());
        expect(named(foldsOf(turned, folds.length, seed), turned)).toEqual(named(folds, ids));
      }),
    );
  });

  it("expects of a choice by luck what it gives on unseen data, where the data of the choice promise more", () => {
    // Twenty settings, all right on 70 % of all problems and all of the same cost: whatever is chosen is luck.
    const n = 40;
    const random = xoroshiro128plus(7);
    const runs = [...Array(200).keys()].map((run) => {
      const right = () => Uint8Array.from({ length: n }, () => (uniformInt(random, 1, 10) <= 7 ? 1 : 0));
      const [cost, other] = [new Float64Array(n).fill(1), new Float64Array(n)];
      const all: Rows[] = Array.from({ length: 20 }, () => ({ right: right(), cost, other }));
      const ids = [...Array(n).keys()].map((i) => `${run}-${i}`);
      const goal = { kind: "at-most-cost", cost: 1, of: "absolute" } as const;
      const rows = ids.map((_, i) => i);
      const fitted = crossFit(all, all[0]!, foldsOf(ids, 5, 0), goal);
      return { inSample: choose(all, all[0]!, rows, goal).chosen.accuracy, fitted: mean(fitted.right.map(Number), n) };
    });
    const average = (of: "inSample" | "fitted") =>
      mean(
        runs.map((run) => run[of]),
        runs.length,
      );
    expect(average("inSample")).toBeGreaterThan(0.8);
    expect(Math.abs(average("fitted") - 0.7)).toBeLessThan(0.02);
  });

  it("chooses anew for each fold, and says in how many the goal was out of reach", () => {
    const row = (...right: number[]): Rows => ({
      right: Uint8Array.from(right),
      cost: new Float64Array(right.length).fill(1),
      other: new Float64Array(right.length),
    });
    // Three of four: enough when a right one is held out is not there, for then two of three are left.
    const all = [row(1, 1, 1, 0)];
    const { choices, right } = crossFit(all, all[0]!, [[0], [1], [2], [3]], {
      kind: "at-least-accuracy",
      accuracy: 0.75,
    });
    expect(choices.map(({ met }) => met)).toEqual([false, false, false, true]);
    expect(right).toEqual([true, true, true, false]);
  });
});

describe("problems in use", () => {
  it("end where a recording was stopped, and stay whole where only single settings lack draws", () => {
    const reach = (...of: number[]) => of.map((one) => ({ reach: one, setting: { full: true } as Setting }));
    const short = Array.from({ length: 50 }, (_, i) => ({ reach: 50 + i, setting: { full: false } as Setting }));
    expect(wholeProblems(reach(100, 97, 97, 97, 97), 100)).toBe(97);
    expect(wholeProblems(reach(100, ...Array<number>(20).fill(100), 60), 100)).toBe(100);
    expect(wholeProblems(reach(100, 3, 4, 5), 100)).toBe(100);
    expect(wholeProblems([...reach(100, 100), ...short], 100)).toBe(100);
  });
});
