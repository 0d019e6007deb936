import type { Outcome, StageOutcome } from "../methods/types.js";
import {
  auroc,
  aurocInterval,
  expectedCalibrationError,
  reliabilityBins,
  riskCoverage,
} from "../numbers/confidence.js";
import { flips } from "../numbers/paired.js";
import type { Draw } from "../recordings/draw.js";
import { countedRight, shareOf, stageDraws, wasAnswered } from "./row.js";
import type { StageConfidence, StageEnd, StageFlips } from "./types.js";

/** A method's outcomes, with what can be graded and which series hold guidelines. */
interface StagesInput {
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

/** Problems whose visible checks tell nothing: over all draws of all methods none passed them, or every one did. */
export interface VisibleChecks {
  /** Problems with a draw that was run on at least one check. */
  problems: number;
  /** Ids: no draw passed all of them. Too hard, or wrong checks. */
  nonePasses: string[];
  /** Ids: every draw passed all of them. Easy, or checks that pass on everything. */
  allPass: string[];
  /** Ids: nothing to run was shown, so no confidence was measured. */
  without: string[];
}

/** Looks at what was run; undefined where nothing was, in families that run nothing. */
export function visibleChecksOf(outcomes: ReadonlyMap<string, readonly Outcome[]>): VisibleChecks | undefined {
  const draws = [...outcomes.values()].flatMap((of) => of.flatMap(({ waves }) => waves.flat()));
  const byProblem = Map.groupBy(draws, ({ problem }) => problem);
  const told: VisibleChecks = { problems: 0, nonePasses: [], allPass: [], without: [] };
  for (const [problem, of] of byProblem) {
    // The same draw may stand in several methods, which changes neither "none" nor "all".
    const run = of.filter(hasRun);
    if (run.length === 0) {
      if (of.some(({ value }) => value !== null)) told.without.push(problem);
      continue;
    }
    told.problems += 1;
    if (!run.some(passes)) told.nonePasses.push(problem);
    if (run.every(passes)) told.allPass.push(problem);
  }
  return told.problems > 0 ? told : undefined;
}

/** How many draws each sandbox ran; undefined where no draw says. */
export function sandboxesOf(outcomes: ReadonlyMap<string, readonly Outcome[]>): Record<string, number> | undefined {
  const draws = new Set([...outcomes.values()].flatMap((of) => of.flatMap(({ waves }) => waves.flat())));
  const counts: Record<string, number> = {};
  for (const { sandbox } of draws) if (sandbox !== undefined) counts[sandbox] = (counts[sandbox] ?? 0) + 1;
  return Object.keys(counts).length > 0 ? counts : undefined;
}

const hasRun = ({ checks }: Draw): boolean => checks !== undefined && checks.total > 0;
const passes = ({ checks }: Draw): boolean => checks!.passed === checks!.total;
