import type { Outcome, StageOutcome } from "../methods/types.js";
import { auroc, aurocInterval } from "../numbers/auroc.js";
import { expectedCalibrationError, reliabilityBins } from "../numbers/calibration-error.js";
import { flips } from "../numbers/flips.js";
import { riskCoverage } from "../numbers/risk-coverage.js";
import { countedRight } from "./graded.js";
import { shareOf } from "./row.js";
import { stageDraws, wasAnswered } from "./stage-draws.js";
import type { StageConfidence, StageEnd, StageFlips } from "./types.js";

/** A method's outcomes, with what can be graded and which series hold guidelines. */
export interface StagesInput {
  outcomes: readonly Outcome[];
  canGrade: readonly boolean[];
  guidelines: ReadonlySet<string>;
}

/** An outcome of a problem that can be graded, with its stages; those in which no call was answered say nothing. */
interface Graded {
  outcome: Outcome;
  stages: readonly (StageOutcome | undefined)[];
}

function graded({ outcomes, canGrade, guidelines }: StagesInput): Graded[] {
  const counted = outcomes.filter((outcome, i) => countedRight(outcome, canGrade[i]!) !== undefined);
  return counted.map((outcome) => {
    const draws = stageDraws(outcome, guidelines);
    return { outcome, stages: outcome.stages.map((stage, i) => (wasAnswered(draws[i]!) ? stage : undefined)) };
  });
}

/** Names of all stages that were reached, in order. */
function names(outcomes: readonly Outcome[]): string[] {
  return [...new Set(outcomes.flatMap(({ stages }) => stages.map(({ name }) => name)))];
}

/** Where problems ended, and how many of them are right there; failed ones end nowhere. */
export function endsOf({ outcomes, canGrade }: StagesInput): StageEnd[] {
  return names(outcomes).map((stage) => {
    const there = outcomes.flatMap((outcome, i) =>
      outcome.ended === stage && outcome.status !== "failed" ? [{ outcome, i }] : [],
    );
    const rights = there.map(({ outcome, i }) => countedRight(outcome, canGrade[i]!));
    return {
      stage,
      problems: there.length,
      right: shareOf(rights.filter((right) => right !== undefined)),
      fallbacks: there.filter(({ outcome }) => outcome.fallbackFrom !== undefined).length,
    };
  });
}

/** Confidence against right, of every stage that measures one. */
export function confidenceOf(input: StagesInput): StageConfidence[] {
  const all = graded(input);
  return names(input.outcomes).flatMap((stage) => {
    const reached = all.flatMap(({ stages }) => {
      const found = stages.find((each) => each?.name === stage);
      // Whether nobody could tell, or nothing was measured: it says nothing of how confidence goes with right.
      return found?.confidence == null || found.gradeUnknown ? [] : [{ ...found, confidence: found.confidence }];
    });
    if (reached.length === 0) return [];
    const scores = reached.map(({ confidence }) => confidence);
    const labels = reached.map(({ right }) => right === true);
    const { points, aurc } = riskCoverage(scores, labels);
    const isLast = reached.every(({ decision }) => decision === "last");
    const accepted = reached.map(({ decision }) => decision === "accept");
    return {
      stage,
      n: reached.length,
      auroc: auroc(scores, labels),
      aurocInterval: aurocInterval(scores, labels),
      ece: expectedCalibrationError(scores, labels),
      bins: reliabilityBins(scores, labels),
      roc: rocOf(scores, labels),
      riskCoverage: points,
      aurc,
      coverage: isLast ? null : shareOf(accepted),
      accepted: isLast ? null : shareOf(labels.filter((_, i) => accepted[i])),
    };
  });
}

/** The ROC curve: what every threshold would let through of the wrong and of the right answers. */
export function rocOf(scores: readonly number[], labels: readonly boolean[]): StageConfidence["roc"] {
  const rights = labels.filter(Boolean).length;
  const wrongs = labels.length - rights;
  if (rights === 0 || wrongs === 0) return [];
  const levels = [...new Set(scores)].toSorted((a, b) => b - a);
  const passed = (level: number, right: boolean) =>
    scores.filter((score, i) => score >= level && labels[i] === right).length;
  return [
    [0, 0],
    ...levels.map((level): [number, number] => [passed(level, false) / wrongs, passed(level, true) / rights]),
  ];
}

/** An answer of which nobody could tell whether it is right has neither been made right nor wrong. */
const isKnown = ({ gradeUnknown }: Pick<StageOutcome, "gradeUnknown">): boolean => !gradeUnknown;

/** What the next stage, and the method in the end, made of each stage's leading answers; nothing readable is wrong. */
export function flipsOf(input: StagesInput): StageFlips[] {
  const all = graded(input);
  return names(input.outcomes).flatMap((from) => {
    const went = all.flatMap(({ outcome, stages }) => {
      const at = stages.findIndex((stage) => stage?.name === from);
      return at >= 0 && at + 1 < stages.length ? [{ outcome, before: stages[at]!, next: stages[at + 1] }] : [];
    });
    const nexts = [...new Set(went.flatMap(({ next }) => next?.name ?? []))];
    const toNext = nexts.map((to) => {
      const pairs = went.filter(({ before, next }) => next?.name === to && isKnown(before) && isKnown(next));
      const after = pairs.map(({ next }) => next!.right === true);
      return {
        from,
        to,
        ...flips(
          pairs.map(({ before }) => before.right === true),
          after,
        ),
      };
    });
    if (went.length === 0) return [];
    const known = went.filter(({ before }) => isKnown(before));
    const before = known.map((each) => each.before.right === true);
    const last = {
      from,
      to: "answer",
      ...flips(
        before,
        known.map(({ outcome }) => outcome.right === true),
      ),
    };
    return [...toNext, last];
  });
}
