import { describe, expect, it } from "vitest";
import { warnings } from "../../../src/evaluation/calibrate/warnings.js";
import type { Calibration } from "../../../src/state/calibration.js";

type Change = Partial<Pick<Calibration, "goal" | "labels" | "name">> & {
  accuracy?: number;
  cost?: number;
  interval?: [number, number];
  verdict?: Calibration["expected"]["toLarge"]["verdict"];
  agreeing?: number;
  unmet?: number;
};

/** A calibration of which nothing has to be warned, but for the change. */
function warned(change: Change = {}): string {
  const { accuracy = 0.9, cost = 50, interval = [0.88, 0.92], verdict = "non-inferior" } = change;
  const { agreeing = 5, unmet = 0 } = change;
  return warnings({
    goal: { kind: "at-least-accuracy", accuracy: 0.8 },
    labels: "gold",
    name: "solo → large",
    data: { name: "mine", fingerprint: "f", problems: 700 },
    large: { accuracy: { mean: 0.9, interval: [0.8, 1] }, cost: { mean: 100, interval: [90, 110] } },
    ...change,
    expected: {
      accuracy: { mean: accuracy, interval },
      cost: { mean: cost, interval: null },
      toLarge: { difference: 0, low: 0, high: 0, marginPoints: 5, verdict },
      folds: 5,
      agreeing,
      unmet,
    },
  } as unknown as Calibration).join("\n");
}

describe("what a calibration warns of", () => {
  it("is nothing where nothing is to be warned of", () => {
    expect(warned()).toBe("");
  });

  it.each<[string, Change, RegExp]>([
    ["labels that are the large model's", { labels: "large" }, /agreement with the large model/],
    [
      "an accuracy that unseen data will miss",
      { accuracy: 0.79 },
      /expect an accuracy of 0\.790, below the 0\.8 asked for/,
    ],
    [
      "a cost that unseen data will exceed",
      { goal: { kind: "at-most-cost", cost: 0.4, of: "large" } },
      /expect a cost of 50\.00, above the 40\.00 asked for/,
    ],
    ["a cost above that of the large model alone", { cost: 120 }, /large model alone costs 100\.0: nothing is saved/],
    [
      "a margin that unseen data do not show",
      { goal: { kind: "not-below-large", points: 5 }, verdict: "undecided" },
      /not shown to be at most 5 points below/,
    ],
    [
      "a margin that unseen data show to be passed",
      { goal: { kind: "not-below-large", points: 5 }, verdict: "inferior" },
      /shown to be more than 5 points below/,
    ],
    ["a wide interval", { interval: [0.75, 0.95] }, /20 points wide: 700 problems say no more\. About 140 would/],
    ["folds that disagree", { agreeing: 2 }, /2 of 5 folds chose these stages/],
    ["folds that did not reach the goal", { unmet: 1 }, /In 1 of 5 folds nothing reached the goal/],
    ["the large model as the choice", { name: "large", cost: 100 }, /Nothing recorded beats the large model alone/],
  ])("%s", (_what, change, says) => {
    expect(warned(change)).toMatch(says);
    expect(warned(change).split("\n")).toHaveLength(1);
  });
});
