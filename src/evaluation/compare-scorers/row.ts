import { aurocInterval, auroc } from "../numbers/auroc.js";
import { expectedCalibrationError } from "../numbers/calibration-error.js";
import type { Interval } from "../numbers/interval.js";
import { riskCoverage } from "../numbers/risk-coverage.js";
import { wilson } from "../numbers/wilson.js";
import type { ComparedScorer, Score } from "./types.js";

/** A scorer with what it says of every problem, and whether the answer it stands for is right. */
export interface Judged {
  scorer: ComparedScorer;
  scores: readonly ((Score & { right: boolean }) | undefined)[];
}

/** How good one confidence is. */
export interface ScorerRow {
  name: string;
  about: string;
  control: boolean;
  /** Why there are no figures: what it reads is not recorded for every problem. */
  notRecorded?: { problems: number; reads: string };
  /** Why there are no figures: it counts equal answers, of which open text has none. */
  notApplicable?: true;
  figures?: ScorerFigures;
}

/** Figures of a scorer, over all problems compared on. */
export interface ScorerFigures {
  /** Answers that are right, if all are taken. */
  right: number;
  auroc: number | null;
  aurocInterval: Interval | null;
  /** Expected calibration error; null where the score does not claim to be a probability. */
  ece: number | null;
  threshold: number;
  /** The threshold was set to accept as many as the comparison's base does, or as few more as ties allow. */
  asBase: boolean;
  accepted: number;
  /** Share of problems accepted. */
  acceptRate: number;
  /** Share of right answers among the accepted; null where none is. */
  acceptedAccuracy: number | null;
  /** Wilson, 95 %. */
  acceptedInterval: Interval;
  /** Largest share of problems that some threshold accepts at the accuracy asked for; 0 where none does. */
  coverage: number;
  /** Draws that it takes, mean of a problem. */
  draws: number;
}

/** A line of the comparison. */
export function rowOf(
  { scorer, scores }: Judged,
  { accepts, atAccuracy }: { accepts: number; atAccuracy: number },
): ScorerRow {
  const { name, about, control = false, reads = "more" } = scorer;
  const known = scores.filter((said) => said !== undefined);
  if (known.length < scores.length)
    return { name, about, control, notRecorded: { problems: scores.length - known.length, reads } };
  const values = known.map(({ score }) => score);
  const rights = known.map(({ right }) => right);
  const asBase = scorer.threshold === "as base";
  const threshold = scorer.threshold === "as base" ? reaching(values, accepts) : scorer.threshold;
  const accepted = known.filter(({ score }) => score >= threshold);
  const hits = accepted.filter(({ right }) => right).length;
  const enough = riskCoverage(values, rights).points.filter(({ accuracy }) => accuracy >= atAccuracy);
  const figures: ScorerFigures = {
    right: rights.filter(Boolean).length,
    auroc: auroc(values, rights),
    aurocInterval: aurocInterval(values, rights),
    ece: scorer.probability ? expectedCalibrationError(values, rights) : null,
    threshold,
    asBase,
    accepted: accepted.length,
    acceptRate: accepted.length / known.length,
    acceptedAccuracy: accepted.length === 0 ? null : hits / accepted.length,
    acceptedInterval: wilson(hits, accepted.length),
    coverage: Math.max(0, ...enough.map(({ coverage }) => coverage)),
    draws: known.reduce((sum, { draws }) => sum + draws, 0) / known.length,
  };
  return { name, about, control, figures };
}

/** The largest threshold that at least so many scores reach. */
function reaching(scores: readonly number[], count: number): number {
  const falling = scores.toSorted((a, b) => b - a);
  // Above all of them: the next number after the largest, as scores may be negative.
  return count === 0 ? (falling[0] ?? 0) + Math.max(1, Math.abs(falling[0] ?? 0)) : falling[count - 1]!;
}
