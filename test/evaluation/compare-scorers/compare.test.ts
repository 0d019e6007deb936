import { describe, expect, it } from "vitest";
import { compareScorers, scorerTable } from "../../../src/evaluation/compare-scorers/index.js";
import type { Draw } from "../../../src/evaluation/draw.js";
import { seriesOf } from "../../../src/evaluation/series.js";
import { createView } from "../../../src/evaluation/view.js";
import { strategies } from "../../../src/graph/stages.js";
import { recordNumbers } from "../recordings.js";

const SOLO = seriesOf(strategies["cope"]![0]!).id;
const recording = {
  id: "r",
  version: 1,
  data: "d",
  family: "math",
  models: {},
  seed: 0,
  logprobs: true,
  at: "",
} as const;

/** Problems by their samples: an answer, or null; "r" is right. */
function recordedOf(problems: (string | null)[][], more: (index: number) => Partial<Draw> = () => ({})) {
  const views = problems.map((values, p) => {
    const draws = values.map((value, index): Draw => ({
      problem: `p${p}`,
      series: SOLO,
      given: "",
      index,
      calls: [],
      text: value === null ? "hm" : `\\boxed{${value}}`,
      value,
      right: value === null ? null : value === "r",
      ...more(index),
    }));
    return createView(`p${p}`, draws, { same: (a, b) => a === b });
  });
  return { views, recording };
}

const figuresOf = (compared: ReturnType<typeof compareScorers>, name: string) =>
  compared.rows.find((row) => row.name === name)?.figures;

describe("confidences on the same samples", () => {
  const four = [
    ["r", "r", "r", "r"],
    ["r", "r", "r", "a"],
    ["a", "b", "a", null],
    ["a", "b", "c", "d"],
  ];

  it("are those of the first stage, also where it is a guided one", async () => {
    const stages = "cope:s2s3";
    const recorded = await recordNumbers({ stages, samples: 4, problems: 6, allDraws: true });
    expect(compareScorers(recorded, { stages, samples: 4 })).toMatchObject({ problems: 6, stage: "guided" });
  });

  it("are each held against the grade of the answer they stand for", () => {
    const compared = compareScorers(recordedOf(four), { samples: 4 });
    expect(compared).toMatchObject({ problems: 4, samples: 4, stage: "solo", left: { lacking: 0 } });
    // Shares 1, 0.75, 0.5, 0.25 of which the first two are right; bins miss by 0, 0.25, 0.5, 0.25.
    expect(figuresOf(compared, "vote")).toMatchObject({
      right: 2,
      auroc: 1,
      ece: 0.25,
      accepted: 2,
      acceptedAccuracy: 1,
      draws: 4,
    });
    expect(figuresOf(compared, "vote")!.coverage).toBe(0.5);
    expect(figuresOf(compared, "margin")).toMatchObject({ auroc: 1, ece: null, threshold: 0.5, accepted: 2 });
    expect(figuresOf(compared, "entropy")).toMatchObject({ auroc: 1, accepted: 2 });
    // (4+1)/6, (3+1)/6, (2+1)/6, (1+1)/6 against 1, 1, 0, 0.
    expect(figuresOf(compared, "smoothed")!.ece).toBeCloseTo((1 / 6 + 2 / 6 + 3 / 6 + 2 / 6) / 4, 12);
    expect(figuresOf(compared, "first two")).toMatchObject({ auroc: 1, accepted: 2, draws: 2 });
    // Three of four boxed, where one could not be read.
    expect(figuresOf(compared, "boxed")).toMatchObject({ auroc: (1 + 1 + 0.5 + 0.5) / 4, asBase: true });
  });

  it("without a threshold of their own accept as many as the vote", () => {
    const compared = compareScorers(recordedOf(four), { samples: 4 });
    expect(figuresOf(compared, "random")).toMatchObject({ asBase: true, accepted: 2 });
    const none = compareScorers(
      recordedOf([
        ["r", "a", "b", "c"],
        ["a", "b", "c", "d"],
      ]),
      { samples: 4 },
    );
    for (const name of ["vote", "random", "short text"]) expect(figuresOf(none, name)).toMatchObject({ accepted: 0 });
  });

  it("by log-probability weigh surer samples more, and may stand for another answer than the vote", () => {
    const sure = recordedOf(
      [
        ["a", "a", "r"],
        ["a", "a", "b"],
      ],
      (index) => ({ meanLogprob: index === 2 ? 0 : -3 }),
    );
    const compared = compareScorers(sure, { samples: 3 });
    expect(figuresOf(compared, "vote")!.right).toBe(0);
    expect(figuresOf(compared, "weighted vote")!.right).toBe(1);
  });

  it("that read what is not recorded are named with what they lack, and have no figures", () => {
    const compared = compareScorers(recordedOf(four), { samples: 4 });
    for (const name of ["across stages", "across prompts", "self-verification", "log-probability", "weighted vote"]) {
      expect(compared.rows.find((row) => row.name === name)).toMatchObject({ notRecorded: { problems: 4 } });
      expect(scorerTable(compared)).toContain(`not recorded: ${name}`);
    }
  });

  it("leave out, with a count, problems without all samples, without grades, and those in which every call failed", () => {
    const views = [
      ...recordedOf([["r", "r"], ["r"]]).views,
      ...recordedOf([["x", "x"]], () => ({ right: null })).views,
      ...recordedOf([[null, null]], () => ({ failed: { code: "TIMEOUT", message: "late" } })).views,
    ];
    const compared = compareScorers({ views, recording }, { samples: 2 });
    expect(compared).toMatchObject({ problems: 1, left: { lacking: 1, ungraded: 1, failed: 1 } });
    expect(scorerTable(compared)).toMatch(/1 without all samples.*settled early.*--all-draws/s);
    expect(scorerTable(compareScorers(recordedOf(four), { samples: 4 }))).not.toContain("settled early");
    expect(() => compareScorers(recordedOf(four), { samples: 5 })).toThrow("[NOT_RECORDED]");
  });

  it("count no votes where answers are open text, and judge that by its own scorer", () => {
    const { views } = recordedOf(
      [
        ["r", "s", "t"],
        ["u", "v", "w"],
        ["x", "r", null],
      ],
      (index) => ({ meanLogprob: -0.1 * (index + 1), readBy: "text", right: index === 0 }),
    );
    const compared = compareScorers({ views, recording: { ...recording, family: "chat" } }, { samples: 3 });
    expect(compared.base).toBe("perplexity");
    expect(figuresOf(compared, "perplexity")).toMatchObject({ right: 3, accepted: 3, threshold: 0.7, asBase: false });
    expect(figuresOf(compared, "random")).toMatchObject({ asBase: true, accepted: 3 });
    const senseless = compared.rows.filter(({ notApplicable }) => notApplicable).map(({ name }) => name);
    expect(senseless).toEqual([
      "vote",
      "margin",
      "entropy",
      "smoothed",
      "first two",
      "across stages",
      "across prompts",
      "weighted vote",
    ]);
    expect(scorerTable(compared)).toMatch(/as perplexity.*not applicable: vote, margin/s);
  });

  it("stand for the surest sample by perplexity, which may be another than the vote's", () => {
    const compared = compareScorers(
      recordedOf(
        [
          ["a", "a", "r"],
          ["a", "a", "r"],
        ],
        (index) => ({ meanLogprob: index === 2 ? -0.5 : -1 }),
      ),
      { samples: 3 },
    );
    expect(figuresOf(compared, "perplexity")).toMatchObject({ right: 2, draws: 3, asBase: true });
  });

  it("need grades, and say so where open text has none", () => {
    const { views } = recordedOf([["x", "y"]], () => ({ right: null }));
    expect(() => compareScorers({ views, recording: { ...recording, family: "chat" } }, { samples: 2 })).toThrow(
      /\[NOT_RECORDED\].*nothing to grade by.*judged instead/s,
    );
  });

  it("read a next stage that is shown the guideline alone", async () => {
    const [solo] = strategies["cope"]!;
    const [unled, large] = strategies["cope:s2s3"]!;
    const stages = [solo!, unled!, large!];
    const recorded = await recordNumbers({ stages, problems: 6, allDraws: true });
    expect(figuresOf(compareScorers(recorded, { stages }), "across stages")).toMatchObject({ draws: 16 });
  });

  it("read all that a recording of all methods holds", async () => {
    const methods = ["cascade-verify", "automix"];
    const compared = compareScorers(await recordNumbers({ problems: 8, allDraws: true, methods }));
    for (const name of ["across stages", "across prompts"])
      expect(figuresOf(compared, name)).toMatchObject({ threshold: 1 });
    expect(figuresOf(compared, "across stages")!.draws).toBe(16);
  });
});
