import jStat from "jstat";
import { CopeError } from "../../errors.js";
import { requireNumbers, requirePaired } from "./checks.js";
import type { Interval } from "./interval.js";
import { wilson } from "./wilson.js";

/** The problems whose score lies in one stretch of 0 … 1: a bar of a reliability diagram. */
export interface ReliabilityBin {
  /** Scores from here on … */
  from: number;
  /** … to below here; the last bin includes 1. */
  to: number;
  /** Problems in it. */
  n: number;
  /** Mean score, 0 … 1; null when empty. */
  confidence: number | null;
  /** Share of right answers, 0 … 1; null when empty. */
  accuracy: number | null;
  /** Wilson's 95 % interval of the accuracy. */
  interval: Interval;
}

/**
 * Scores against how often they are right, in bins of equal width.
 *
 * @param scores - confidence read as a probability, 0 … 1
 * @param labels - whether the answer is right, same order
 * @param bins - how many. @default 10
 * @throws CopeError OPTIONS_INVALID
 */
export function reliabilityBins(scores: readonly number[], labels: readonly boolean[], bins = 10): ReliabilityBin[] {
  requireProbabilities(scores, labels);
  if (!(Number.isSafeInteger(bins) && bins >= 1))
    throw new CopeError("OPTIONS_INVALID", `bins: ${bins} is given.`, "give a whole number, at least 1.");
  const edges = Array.from({ length: bins + 1 }, (_, at) => at / bins);
  // Found by the very edges that are shown: a rounded score * bins can be one off.
  const binOf = scores.map((score) =>
    Math.min(
      bins - 1,
      edges.findLastIndex((edge) => edge <= score),
    ),
  );
  return edges.slice(0, bins).map((from, at) => {
    const members = [...scores.keys()].filter((i) => binOf[i] === at);
    const n = members.length;
    const hits = members.filter((i) => labels[i]).length;
    return {
      from,
      to: edges[at + 1]!,
      n,
      confidence: n === 0 ? null : jStat.mean(members.map((i) => scores[i]!)),
      accuracy: n === 0 ? null : hits / n,
      interval: wilson(hits, n),
    };
  });
}

/**
 * Expected calibration error: how far scores are from the share of right answers, bin by bin, weighted by problems (Naeini
 * et al. 2015). Few problems a bin make it larger than it is.
 *
 * @returns 0 … 1, smaller is better; null without problems
 * @throws CopeError OPTIONS_INVALID
 */
export function expectedCalibrationError(
  scores: readonly number[],
  labels: readonly boolean[],
  bins = 10,
): number | null {
  const filled = reliabilityBins(scores, labels, bins).filter(({ n }) => n > 0);
  if (filled.length === 0) return null;
  const gap = filled.reduce((sum, { n, confidence, accuracy }) => sum + n * Math.abs(confidence! - accuracy!), 0);
  return gap / scores.length;
}

/**
 * Brier score: mean squared distance of the score from 1 (right) or 0 (wrong). Always saying 0.5 gives 0.25.
 *
 * @returns 0 … 1, smaller is better; null without problems
 * @throws CopeError OPTIONS_INVALID
 */
export function brierScore(scores: readonly number[], labels: readonly boolean[]): number | null {
  requireProbabilities(scores, labels);
  return scores.length === 0 ? null : jStat.mean(scores.map((score, i) => (score - Number(labels[i])) ** 2));
}

function requireProbabilities(scores: readonly number[], labels: readonly boolean[]): void {
  requirePaired("scores and labels", scores, labels);
  requireNumbers("scores", scores, 0, 1);
}
