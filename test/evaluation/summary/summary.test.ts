import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome, StageOutcome } from "../../../src/evaluation/methods/types.js";
import { rocOf } from "../../../src/evaluation/summary/stages.js";
import { summarise } from "../../../src/evaluation/summary/index.js";
import { createPriceBook } from "../../../src/models/prices.js";
import { auroc } from "../../../src/evaluation/numbers/auroc.js";
import { call, draw, ended, evaluationOf } from "../outcomes.js";

const right = () => ended([draw()]);
const wrong = () => ended([draw({ value: "2", right: false })]);
const unreadable = () => ended([draw({ value: null, right: null })]);
const failed = () => ended([draw({ value: null, right: null, calls: [], failed: { code: "TIMEOUT", message: "" } })]);
const ungraded = () => ended([draw({ right: null })]);

const only = (outcomes: Outcome[], options = {}) => summarise(evaluationOf({ large: outcomes }), options).methods[0]!;

describe("what is counted", () => {
  it("counts unreadable answers as wrong, and problems whose calls failed not at all", () => {
    const {
      n,
      right: hits,
      accuracy,
      unreadable: none,
      failed: lost,
    } = only([right(), wrong(), unreadable(), failed()]);
    expect({ n, hits, accuracy, none, lost }).toEqual({ n: 3, hits: 1, accuracy: 1 / 3, none: 1, lost: 1 });
  });

  it("counts nothing where there is nothing to grade by, also where an answer is unreadable", () => {
    const row = only([ungraded(), unreadable()]);
    expect(row).toMatchObject({ n: 0, accuracy: null, unreadable: 0, ungraded: 2 });
    expect(row.costs.large.n).toBe(2);
  });

  it("does not take a judge's word for an answer that could be graded", () => {
    const judged = draw({ value: "yes", readBy: "verdict", right: null, series: "verify-1" });
    expect(only([ended([draw(), judged])])).toMatchObject({ n: 1, right: 1 });
  });

  it("compares with the method large on the problems that both count", () => {
    const [small, large] = [
      [right(), wrong(), failed(), right()],
      [right(), right(), right(), failed()],
    ];
    const [row, alone] = summarise(evaluationOf({ small, large })).methods;
    expect(row!.comparison).toMatchObject({ n: 2, wins: 0, losses: 1, difference: -0.5 });
    expect(alone!.comparison).toBeNull();
  });

  it("takes the margin from its option", () => {
    const outcomes = (losses: number) => Array.from({ length: 200 }, (_, i) => (i < losses ? wrong() : right()));
    const verdict = (marginPoints: number) =>
      summarise(evaluationOf({ small: outcomes(16), large: outcomes(0) }), { marginPoints }).methods[0]!.comparison!
        .verdict;
    expect([verdict(20), verdict(8), verdict(2)]).toEqual(["non-inferior", "undecided", "inferior"]);
  });
});

describe("what is charged", () => {
  it("weighs output of the large model four times, and tells plans from answers", () => {
    const guideline = draw({
      series: "guided-plan-1",
      calls: [call("large", { purpose: "guideline", outputTokens: 5 })],
    });
    const sample = draw({ calls: [call("small"), call("small", { purpose: "goal" })] });
    const outcome = ended([draw()], { waves: [[guideline], [sample], [draw()]] });
    const { costs } = only([outcome]);
    expect(costs.large.mean).toBe(120 + 140);
    expect([costs.largePlans, costs.largeAnswers]).toEqual([120, 140]);
    expect(costs.smallTokens.mean).toBe(220);
    expect(costs.calls).toEqual({ large: 2, small: 2 });
  });

  it("takes for each wave its slowest draw, of which goal and text follow each other", () => {
    const slow = draw({ calls: [call("small", { ms: 300 }), call("small", { ms: 900 })] });
    const outcome = ended([draw()], { waves: [[slow, draw({ calls: [call("small", { ms: 1000 })] })], [draw()]] });
    expect(only([outcome]).costs.seconds.mean).toBeCloseTo(2.2, 12);
  });

  it("leaves a cost unknown as soon as one count, price or number of parameters is", () => {
    const uncounted = ended([draw({ calls: [call("large", { outputTokens: null })] })]);
    expect(only([right(), uncounted]).costs.large).toMatchObject({ mean: null, unknown: 1 });
    expect(only([right()]).costs.usd.mean).toBeNull();
    expect(only([right()]).costs.weightedTokens.mean).toBeNull();
  });

  it("prices every role's calls, and charges models on one's own machine nothing", () => {
    const both = ended([draw({ calls: [call("small"), call("large")] })]);
    const prices = createPriceBook({ "test:small": { input: 1, output: 2 }, "test:large": { input: 10, output: 20 } });
    expect(only([both], { prices }).costs.usd.mean).toBeCloseTo((120 + 1200) / 1e6, 12);
    const local = ended([draw({ calls: [call("small", { model: "llama:qwen2.5-coder-0.5b-instruct" })] })]);
    expect(only([local]).costs.usd.mean).toBe(0);
  });

  it("weighs tokens by parameters: given ones, else those of the catalog", () => {
    const local = ended([draw({ calls: [call("small", { model: "llama:qwen2.5-coder-0.5b-instruct" })] })]);
    expect(only([local]).costs.weightedTokens.mean).toBeCloseTo(110 * 0.49, 9);
    expect(only([local], { parameters: { small: 7 } }).costs.weightedTokens.mean).toBeCloseTo(770, 9);
  });

  it("says what share of the large model's cost a method takes, on problems that both have", () => {
    const half = ended([draw({ calls: [call("large", { inputTokens: 30, outputTokens: 10 })] })]);
    const { methods } = summarise(evaluationOf({ cope: [half, half, failed()], large: [right(), right(), right()] }));
    expect(methods[0]!.costs.toLarge).toEqual({ ratio: 0.5, interval: [0.5, 0.5], n: 2 });
    expect(methods[1]!.costs.toLarge!.ratio).toBe(1);
  });
});

const stage = (changes: Partial<StageOutcome>): StageOutcome => ({
  name: "solo",
  value: "1",
  right: true,
  confidence: 1,
  decision: "accept",
  drawn: 1,
  ...changes,
});

/** Two stages: the first one's answer is right or not, the second one's too, where it is reached. */
function cascade(confidence: number, first: boolean, second?: boolean): Outcome {
  const solo = stage({ confidence, right: first, decision: second === undefined ? "accept" : "escalate" });
  const takeover = stage({ name: "takeover", right: second ?? null, confidence: null, decision: "last" });
  const accepted = second === undefined;
  return ended([draw({ right: second ?? first })], {
    ended: accepted ? "solo" : "takeover",
    stages: accepted ? [solo] : [solo, takeover],
    waves: accepted ? [[draw()]] : [[draw()], [draw()]],
  });
}

describe("what stages did", () => {
  const { ends, confidence, flips } = summarise(
    evaluationOf({
      cope: [
        cascade(1, true),
        cascade(0.875, true),
        cascade(0.75, false),
        cascade(0.5, true, false),
        cascade(0.25, false, true),
      ],
    }),
  ).methods[0]!;

  it("says where problems ended, and how many are right there", () => {
    expect(ends.map(({ stage: name, problems, right: { count } }) => [name, problems, count])).toEqual([
      ["solo", 3, 2],
      ["takeover", 2, 1],
    ]);
  });

  it("holds the confidence of a stage against its own leading answer, not the method's", () => {
    const [solo] = confidence;
    expect(confidence).toHaveLength(1);
    expect(solo!.n).toBe(5);
    expect(solo!.auroc).toBeCloseTo(5 / 6, 12);
    expect(solo!.coverage).toMatchObject({ count: 3, of: 5 });
    expect(solo!.accepted).toMatchObject({ count: 2, of: 3 });
  });

  it("counts flips only where the method went on", () => {
    expect(flips.map(({ from, to }) => [from, to])).toEqual([
      ["solo", "takeover"],
      ["solo", "answer"],
    ]);
    expect(flips[0]!.rightToWrong).toMatchObject({ count: 1, of: 1 });
    expect(flips[0]!.wrongToRight).toMatchObject({ count: 1, of: 1 });
  });

  it("says nothing of a stage in which every call failed", () => {
    const lost = draw({ value: null, right: null, calls: [], failed: { code: "TIMEOUT", message: "" } });
    const silent = stage({ value: null, right: null, confidence: 0, decision: "escalate" });
    const last = stage({ name: "takeover", confidence: null, decision: "last" });
    const outcome = ended([draw()], { ended: "takeover", stages: [silent, last], waves: [[lost], [draw()]] });
    const of = summarise(evaluationOf({ cope: [outcome, cascade(1, true)] })).methods[0]!;
    expect(of.confidence[0]!.n).toBe(1);
    expect(of.flips).toEqual([]);
  });
});

describe("the ROC curve", () => {
  it("rises from nothing to everything, with the area that AUROC has", () => {
    const problem = fc.record({ score: fc.integer({ min: 0, max: 8 }), label: fc.boolean() });
    fc.assert(
      fc.property(fc.array(problem, { minLength: 2, maxLength: 40 }), (problems) => {
        const scores = problems.map(({ score }) => score);
        const labels = problems.map(({ label }) => label);
        const [curve, area] = [rocOf(scores, labels), auroc(scores, labels)];
        fc.pre(area !== null);
        expect([curve[0], curve.at(-1)]).toEqual([
          [0, 0],
          [1, 1],
        ]);
        const steps = curve.slice(1).map(([x, y], i) => ((x - curve[i]![0]) * (y + curve[i]![1])) / 2);
        expect(steps.reduce((sum, step) => sum + step, 0)).toBeCloseTo(area!, 9);
      }),
    );
  });
});

it("has no ROC curve where all answers are right", () => expect(rocOf([0.5, 1], [true, true])).toEqual([]));

describe("methods beside each other", () => {
  const costing = (inputTokens: number, hits: number) =>
    Array.from({ length: 4 }, (_, i) =>
      ended([draw({ right: i < hits, calls: [call("large", { inputTokens, outputTokens: 0 })] })]),
    );

  it("marks those that no other beats, and reads equal cost and accuracy off the others", () => {
    const { methods } = summarise(evaluationOf({ small: costing(0, 1), cope: costing(50, 2), large: costing(100, 4) }));
    expect(methods.map(({ onFrontier }) => onFrontier)).toEqual([true, true, true]);
    expect(methods[1]!.equal.accuracyAtCost).toBeCloseTo((1 / 4 + 1) / 2, 12);
    expect(methods[1]!.equal.costAtAccuracy).toBeCloseTo(100 / 3, 9);
    expect(methods[2]!.equal).toEqual({ accuracyAtCost: null, costAtAccuracy: null });
  });
});

describe("parts", () => {
  const outcomes = { large: [right(), wrong(), right()] };

  it("shows every line once more for each value of a field, in number order", () => {
    const about = [{ level: "10" }, { level: "2" }, { level: "10" }];
    const { parts } = summarise(evaluationOf(outcomes, { about }), { by: "level" });
    expect(parts[0]!.of.map(({ value, problems, methods }) => [value, problems, methods[0]!.right])).toEqual([
      ["2", 1, 0],
      ["10", 2, 2],
    ]);
  });

  it("parts pooled data sets unasked", () => {
    const about = [{ data: "a" }, { data: "b" }, { data: "a" }];
    expect(summarise(evaluationOf(outcomes, { about })).parts.map(({ by }) => by)).toEqual(["data"]);
    expect(summarise(evaluationOf(outcomes)).parts).toEqual([]);
  });

  it("refuses a field that no problem has, naming those there are", () => {
    const evaluation = evaluationOf(outcomes, { about: [{ level: "1" }] });
    expect(() => summarise(evaluation, { by: "colour" })).toThrow(/OPTIONS_INVALID.*"colour".*level/);
  });
});

it("is plain JSON, and the same for the same data", () => {
  const evaluation = evaluationOf({ cope: [cascade(1, true), cascade(0.5, false, true)], large: [right(), wrong()] });
  const summary = summarise(evaluation);
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  expect(summarise(evaluation)).toEqual(summary);
});
