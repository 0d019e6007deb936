import { describe, expect, it } from "vitest";
import type { Draw } from "../../../src/evaluation/draw.js";
import type { Outcome } from "../../../src/evaluation/methods/types.js";
import { visibleChecksOf } from "../../../src/evaluation/summary/visible-checks.js";

const draw = (problem: string, passed: number | null, total = 2): Draw =>
  ({
    problem,
    value: "def f(): pass",
    calls: [],
    ...(passed === null ? {} : { checks: { passed, total, failures: [] } }),
  }) as unknown as Draw;

const outcomes = (...waves: Draw[][]) =>
  new Map([["m", waves.map((wave) => ({ waves: [wave] }) as unknown as Outcome)]]);

describe("visible tests that tell nothing", () => {
  it("are named: those that no program passes, those that every one does, and tasks without any", () => {
    const told = visibleChecksOf(
      outcomes(
        [draw("hard", 0), draw("hard", 1)],
        [draw("easy", 2), draw("easy", 2)],
        [draw("mixed", 2), draw("mixed", 1)],
        [draw("bare", null)],
      ),
    );
    expect(told).toEqual({ problems: 3, nonePasses: ["hard"], allPass: ["easy"], without: ["bare"] });
  });

  it("are no matter where nothing is run", () => {
    expect(visibleChecksOf(outcomes([draw("p", null)]))).toBeUndefined();
  });
});
