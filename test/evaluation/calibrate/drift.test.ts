import jStat from "jstat";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { calibrate } from "../../../src/evaluation/calibrate/calibrate.js";
import { driftOf } from "../../../src/evaluation/calibrate/drift.js";
import type { Calibration } from "../../../src/state/calibration.js";
import { recordedBy, skilledModel, suiteFolder } from "./recordings.js";

vi.setConfig({ testTimeout: 60_000 });
const folder = suiteFolder();
const models = (skill: { easy: number; hard: number }) => ({
  small: skilledModel("small", skill),
  large: skilledModel("large", { easy: 1, hard: 1 }),
});

describe("a check for drift", () => {
  let calibration: Calibration;
  let basis: Awaited<ReturnType<typeof recordedBy>>;
  beforeAll(async () => {
    basis = await recordedBy(folder, models({ easy: 1, hard: 0 }));
    calibration = calibrate(basis, { atLeastAccuracy: 1 });
  }, 60_000);

  it("holds on other problems of the same kind", async () => {
    const more = await recordedBy(folder, models({ easy: 1, hard: 0 }), { count: 36 });
    expect(driftOf(calibration, more)).toMatchObject({ verdict: "holds", problems: 36, left: 0, notes: [] });
  });

  it("says nothing by the very problems that the calibration was made on", () => {
    const { verdict, checks, notes } = driftOf(calibration, basis);
    expect(verdict).toBe("too few to say");
    expect(checks.map((one) => one.verdict)).toEqual(["holds", "holds"]);
    expect(notes.join()).toContain("very problems");
  });

  it("sees that a stage accepts less than before, where accuracy alone does not tell", async () => {
    const harder = await recordedBy(folder, models({ easy: 0.1, hard: 0 }));
    const { verdict, checks } = driftOf(calibration, harder);
    expect(verdict).toBe("drifted");
    expect(checks[1]).toMatchObject({ what: expect.stringContaining("accepted by"), verdict: "drifted" });
    expect(checks[0]!.verdict).not.toBe("drifted");
  });

  it("does not say that it holds by a handful of problems", async () => {
    const few = await recordedBy(folder, models({ easy: 1, hard: 0 }), { count: 3 });
    expect(driftOf(calibration, few).verdict).toBe("too few to say");
  });

  it("refuses recordings of other models, and such that cannot be decided", async () => {
    const others = { ...models({ easy: 1, hard: 0 }), large: skilledModel("larger", { easy: 1, hard: 1 }) };
    const other = await recordedBy(folder, others, { count: 4 });
    expect(() => driftOf(calibration, other)).toThrow(/CALIBRATION_MISMATCH.*test:large.*test:larger/);
    const bare = { ...basis, views: [], problems: [] };
    expect(() => driftOf(calibration, bare)).toThrow(/NOT_RECORDED/);
  });

  it("alarms where a share has moved farther than chance explains, and not where it is nearer", () => {
    // Now 20 of 30 are accepted; each number that could have been before.
    const before = Array.from({ length: 31 }, (_, settled) => settled);
    const verdicts = before.map((settled) => {
      const bought = calibration.bought.map((stage, i) => (i === 0 ? { ...stage, reached: 30, settled } : stage));
      return driftOf({ ...calibration, bought }, basis).checks[1]!.verdict;
    });
    const alarms = before.filter((settled) => verdicts[settled] === "drifted");
    // Where the two-sided score test of two shares has p below 0.025, half of 0.05 for each of the two checks.
    const p = (settled: number) => {
      const pooled = (settled + 20) / 60;
      const z = Math.abs(settled - 20) / 30 / Math.sqrt((2 / 30) * pooled * (1 - pooled));
      return 2 * (1 - jStat.normal.cdf(z, 0, 1));
    };
    expect(alarms).toEqual(before.filter((settled) => p(settled) < 0.025));
    expect(verdicts.slice(16, 25)).toEqual(Array(9).fill("holds"));
  });
});
