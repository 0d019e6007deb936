import { beforeAll, describe, expect, it, vi } from "vitest";
import { calibrate } from "../../../src/evaluation/calibrate/calibrate.js";
import { createCascade } from "../../../src/evaluation/methods/cascade.js";
import { outcomesOf } from "../../../src/evaluation/outcomes.js";
import { Calibration } from "../../../src/state/calibration.js";
import { recordedBy, skilledModel, suiteFolder } from "./recordings.js";

vi.setConfig({ testTimeout: 60_000 });
const folder = suiteFolder();
type Recording = Awaited<ReturnType<typeof recordedBy>>;

/** Agreement tells right from wrong: two thirds of the problems are always right, the others scatter. */
const telling = {
  small: skilledModel("small", { easy: 1, hard: 0 }),
  large: skilledModel("large", { easy: 1, hard: 1 }),
};
/** Nobody is always right, and nothing is certain. */
const fallible = {
  small: skilledModel("small", { easy: 0.7, hard: 0.3 }),
  large: skilledModel("large", { easy: 0.9, hard: 0.6 }),
};

describe("a calibration", () => {
  let certain: Recording;
  let mixed: Recording;
  beforeAll(async () => {
    certain = await recordedBy(folder, telling);
    mixed = await recordedBy(folder, fallible);
  }, 60_000);

  it("says which n it was asked for is not recorded, and refuses where none is", () => {
    const { notes } = calibrate(certain, { atLeastAccuracy: 1, samples: [4, 16] });
    expect(notes).toContain("At most 4 samples of a stage are recorded: n = 16 could not be tried.");
    expect(() => calibrate(certain, { atLeastAccuracy: 1, samples: [16] })).toThrow(/NOT_RECORDED.*n = 16.*--samples/);
    expect(() => calibrate(certain, { atLeastAccuracy: 1, samples: [1] })).toThrow("at least 2");
  });

  it("finds the stages whose confidence tells right from wrong, at the large model's accuracy and a part of its cost", () => {
    const found = calibrate(certain, { atLeastAccuracy: 1 });
    expect(found.name).toMatch(/^(solo|small vote) → large$/);
    expect(found.inSample).toEqual({ accuracy: 1, cost: expect.closeTo(found.large.cost.mean / 3) });
    expect(found.expected).toMatchObject({ accuracy: { mean: 1 }, unmet: 0 });
    expect(found.riskCoverage!.points.find(({ threshold }) => threshold === 1)!.accuracy).toBe(1);
    expect(found.bought).toMatchObject([
      { reached: 30, settled: 20, right: 20, largeRight: 20, cost: 0 },
      { name: "large", reached: 10, settled: 10, right: 10, saved: 0 },
    ]);
  });

  it("promises in-sample what its own stages give on the recording, and the stages' savings add up to the whole", () => {
    for (const goal of [{ atLeastAccuracy: 0.7 }, { atMostCost: "60%" }, { atMostCost: 200 }, { notBelowLarge: 20 }]) {
      const { stages, guideline: style, inSample, bought, large } = calibrate(mixed, goal);
      const method = createCascade({ name: "calibrated", about: "", stages, style });
      const { outcomes, left } = outcomesOf([method], mixed);
      expect(left).toEqual([]);
      const ended = outcomes.get("calibrated")!;
      expect(ended.filter(({ right }) => right).length / 30).toBeCloseTo(inSample.accuracy);
      const calls = ended.flatMap(({ waves }) => waves.flat().flatMap((draw) => draw.calls));
      const tokens = calls
        .filter(({ role }) => role === "large")
        .map((call) => call.inputTokens! + 4 * call.outputTokens!);
      expect(tokens.reduce((sum, one) => sum + one, 0) / 30).toBeCloseTo(inSample.cost);
      const sum = (key: "settled" | "right" | "saved") => bought.reduce((total, stage) => total + stage[key], 0);
      expect([sum("settled"), sum("right") / 30]).toEqual([30, inSample.accuracy]);
      expect(sum("saved") / 30).toBeCloseTo(large.cost.mean - inSample.cost);
    }
  });

  it("meets the goal on the data of the choice, and tells how much of that was luck", () => {
    const sure = calibrate(mixed, { atLeastAccuracy: 0.75 });
    expect(sure.inSample.accuracy).toBeGreaterThanOrEqual(0.75);
    const cheap = calibrate(mixed, { atMostCost: "55%" });
    expect(cheap.inSample.cost).toBeLessThanOrEqual(0.55 * cheap.large.cost.mean);
    for (const { inSample, expected, optimism, notes } of [sure, cheap]) {
      expect(optimism.accuracy).toBeCloseTo(inSample.accuracy - expected.accuracy.mean);
      expect(notes.join("\n")).toMatch(/points wide: 30 problems say no more/);
    }
  });

  it("refuses a goal that nothing reaches, and names the best that can be", () => {
    expect(() => calibrate(mixed, { atLeastAccuracy: 1 })).toThrow(
      /CONSTRAINT_UNMET.*at least 1 on these 30 problems: the best accuracy is 0\.\d{3}/,
    );
  });

  it("is the same again, and another by another seed of the folds at most in what it expects", () => {
    const [one, again, other] = [0, 0, 1].map((seed) => calibrate(mixed, { atLeastAccuracy: 0.7, seed }));
    expect({ ...again, madeAt: "" }).toEqual({ ...one, madeAt: "" });
    expect([other!.stages, other!.inSample]).toEqual([one!.stages, one!.inSample]);
  });

  it("without labels takes agreement with the large model for accuracy, and says so", async () => {
    const bare = await recordedBy(folder, telling, { gold: false, count: 12 });
    expect(() => calibrate(bare, { atLeastAccuracy: 0.9 })).toThrow(/OPTIONS_INVALID.*--no-labels/);
    const found = calibrate(bare, { atLeastAccuracy: 1, labels: "large" });
    expect(found).toMatchObject({ labels: "large", large: { accuracy: { mean: 1 } }, inSample: { accuracy: 1 } });
    expect(found.notes.join("\n")).toContain("agreement with the large model's own answers");
    // Where the large model is always right, agreement with it is accuracy.
    const labelled = calibrate(await recordedBy(folder, telling, { count: 12 }), { atLeastAccuracy: 1 });
    expect([found.stages, found.inSample]).toEqual([labelled.stages, labelled.inSample]);
  });

  it("drops guidelines that are dearer than the large model's whole answer, and says so", async () => {
    const guideline = "Count every single one of them with the greatest care. ".repeat(2);
    const wordy = await recordedBy(
      folder,
      {
        small: telling.small,
        large: skilledModel("large", { easy: 1, hard: 1 }, { words: 0, guideline }),
      },
      { count: 10 },
    );
    const found = calibrate(wordy, { atLeastAccuracy: 0.5 });
    expect(found.notes.join("\n")).toMatch(/guideline costs \d+ a problem where .* whole answer costs \d+: .* dropped/);
    expect(found.notes[0]).toMatch(/ of 5 stage lists/);
  });

  it("counts dollars where it is asked to, and refuses to guess a price", () => {
    const dollars = { atLeastAccuracy: 0.7, unit: "usd" } as const;
    expect(() => calibrate(mixed, dollars)).toThrow(/PRICE_UNKNOWN/);
    const prices = { "test:small": { input: 100, output: 100 }, "test:large": { input: 1, output: 1 } };
    // Eight samples of such a small model cost more than one answer of such a large one.
    expect(calibrate(mixed, { ...dollars, prices }).name).toBe("large");
  });

  it("compares only what is recorded, and names what it needs", async () => {
    const small = await recordedBy(folder, telling, { methods: ["cope:s1s2"], count: 4 });
    expect(() => calibrate(small, { atLeastAccuracy: 0.5 })).toThrow(/NOT_RECORDED.*large/);
    const large = await recordedBy(folder, telling, { methods: ["large"], count: 4 });
    expect(calibrate(large, { atLeastAccuracy: 0.5 })).toMatchObject({ name: "large", riskCoverage: null });
  });

  it.each([{}, { atLeastAccuracy: 0.9, notBelowLarge: 5 }, { atMostCost: "much" }, { atLeastAccuracy: 90 }])(
    "refuses the goal %j",
    (goal) => {
      expect(() => calibrate(mixed, goal)).toThrow(/OPTIONS_INVALID/);
    },
  );

  it("is plain JSON that reads back as it was", () => {
    const found = calibrate(mixed, { notBelowLarge: 10 });
    expect(found.expected.toLarge.marginPoints).toBe(10);
    expect(Calibration.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
  });
});
