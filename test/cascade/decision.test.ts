import { assert, boolean, constant, constantFrom, double, integer, option, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveStages } from "../../src/index.js";
import { decideStage, thresholdOf, unguidedBefore, answers } from "../../src/cascade/decision.js";

const share = double({ min: 0, max: 1, noNaN: true });
const proposal = constantFrom("accept" as const, "sample" as const, "escalate" as const);
const rival = option(record({ at: constant(0), confidence: share }), { nil: undefined });
const standings = record({
  proposal,
  isLast: boolean(),
  low: share,
  drawn: integer({ min: 0, max: 8 }),
  planned: constant(8),
  rival,
  harmGuard: boolean(),
});

describe("the decision of a stage", () => {
  const guided = { proposal: "accept", isLast: false, planned: 8, harmGuard: true } as const;
  it.each([
    [
      { low: 0.5, drawn: 8 },
      { decision: "escalate", flip: { before: 0, guarded: true } },
    ],
    [
      { low: 0.5, drawn: 8, isLast: true },
      { decision: "last", flip: { before: 0, guarded: true } },
    ],
    [
      { low: 0.5, drawn: 4 },
      { decision: "sample", rest: true },
    ],
    [
      { low: 0.625, drawn: 5 },
      { decision: "accept", flip: { before: 0, guarded: false } },
    ],
    [
      { low: 0.5, drawn: 8, harmGuard: false },
      { decision: "accept", flip: { before: 0, guarded: false } },
    ],
  ])("with %j beside another answer of confidence 0.625: %j", (standing, decision) => {
    expect(decideStage({ ...guided, ...standing, rival: { at: 0, confidence: 0.625 } })).toEqual(decision);
  });

  it("is the proposal, or the last word, where no other answer stands against it", () => {
    assert(
      property(standings, (standing) => {
        const decided = decideStage({ ...standing, rival: undefined });
        const last = standing.isLast && standing.proposal !== "sample";
        expect(decided.decision).toBe(last ? "last" : standing.proposal);
        expect(decided.flip).toBeUndefined();
      }),
    );
  });

  it("asks for the rest only while samples are left, and stops nothing that is as sure", () => {
    assert(
      property(standings, (standing) => {
        const decided = decideStage(standing);
        const isLessSure =
          standing.harmGuard && standing.rival !== undefined && standing.low < standing.rival.confidence;
        const isOpen = decided.decision === "sample";
        expect(isOpen).toBe(standing.proposal === "sample" || (isLessSure && standing.drawn < 8));
        expect(isOpen && decided.rest).toBe(isLessSure && standing.drawn < 8);
        expect(decided.flip?.guarded ?? false).toBe(isLessSure && !isOpen);
        expect(decided.decision === "accept" && isLessSure).toBe(false);
      }),
    );
  });

  it("lets an answer stand by accepting it, or by being the last stage that has drawn enough", () => {
    assert(
      property(standings, ({ proposal: proposed, isLast }) => {
        expect(answers(proposed, isLast)).toBe(proposed === "accept" || (isLast && proposed === "escalate"));
      }),
    );
  });

  it("holds every stage but the last against its threshold", () => {
    const stages = resolveStages("cope");
    expect(stages.map((_, at) => thresholdOf(stages, at))).toEqual([0.75, 0.5, 0]);
  });
});

describe("what a guided answer is held against", () => {
  const at = (stages: Parameters<typeof resolveStages>[0], position: number, silent: number[] = []) => {
    const list = resolveStages(stages);
    const ends = list.map((_, i) => ({ leader: silent.includes(i) ? undefined : i, confidence: 1, accepted: false }));
    return unguidedBefore(list, position, ends);
  };

  it("is the latest stage without a guideline that has an answer", () => {
    expect(at("cope", 1)).toBe(0);
    expect(at("cope", 1, [0])).toBeUndefined();
  });

  it("is nothing for a stage without a guideline, and nothing that another model or another scorer has measured", () => {
    expect(at("cope", 0)).toBeUndefined();
    // The takeover sees the guideline, but is the large model's.
    expect(at("cope", 2)).toBeUndefined();
    const [solo, guided, takeover] = resolveStages("cope");
    const scored = { ...guided!, accept: { threshold: 0.5, scorer: "perplexity" } };
    expect(at([solo!, scored, takeover!], 1)).toBeUndefined();
  });
});
