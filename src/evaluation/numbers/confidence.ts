import jStat from "jstat";
import { CopeError } from "../../errors.js";
import { bootstrap, type BootstrapOptions } from "./bootstrap.js";
import { type Interval, requireNumbers, requirePaired, wilson, wilsonOfShare } from "./intervals.js";

/**
 * Area under the ROC curve: the chance that a right answer scores above a wrong one, ties counting half. 1 tells them apart
 * without a mistake, 0.5 not at all. Scores may have any scale.
 *
 * @param scores - confidence, one a problem
 * @param labels - whether the answer is right, same order
 * @returns 0 … 1; null where all are right or all are wrong
 * @throws CopeError OPTIONS_INVALID
 */
export function auroc(scores: readonly number[], labels: readonly boolean[]): number | null {
  const area = areaOver(scores, labels)(Int32Array.from(scores.keys()));
  return Number.isNaN(area) ? null : area;
}

/**
 * Two-sided interval of `auroc`: null where that is null, else the bootstrap over problems.
 *
 * With fewer than five right or five wrong answers, or where every resample gives the same, the bootstrap is blind. There
 * it is Wilson's interval for as many trials as the rarer kind has answers, which is wider than needed: the area's variance
 * is at most that of such trials (Birnbaum and Klose 1957).
 *
 * @throws CopeError OPTIONS_INVALID
 */
export function aurocInterval(
  scores: readonly number[],
  labels: readonly boolean[],
  options: BootstrapOptions = {},
): Interval | null {
  const area = auroc(scores, labels);
  const resampled = bootstrap(scores.length, areaOver(scores, labels), options);
  if (area === null || resampled === null) return null;
  const right = labels.filter(Boolean).length;
  const rarer = Math.min(right, labels.length - right);
  const blind = rarer < 5 || resampled[0] === resampled[1];
  return blind ? wilsonOfShare(area, rarer, options.level ?? 0.95) : resampled;
}

/** The area over chosen problems, NaN where one kind is missing. Sorts once, so that a resample takes linear time. */
function areaOver(scores: readonly number[], labels: readonly boolean[]): (indices: Int32Array) => number {
  requirePaired("scores and labels", scores, labels);
  requireNumbers("scores", scores);
  const levels = [...new Set(scores)].toSorted((a, b) => a - b);
  const place = new Map(levels.map((score, at) => [score, at]));
  const placeOf = Int32Array.from(scores, (score) => place.get(score)!);
  const right = new Int32Array(levels.length);
  const wrong = new Int32Array(levels.length);
  return (indices) => {
    right.fill(0);
    wrong.fill(0);
    for (let i = 0; i < indices.length; i++) (labels[indices[i]!] ? right : wrong)[placeOf[indices[i]!]!]!++;
    let [rights, wrongs, pairs] = [0, 0, 0];
    for (let at = 0; at < levels.length; at++) {
      pairs += right[at]! * (wrongs + wrong[at]! / 2);
      rights += right[at]!;
      wrongs += wrong[at]!;
    }
    return pairs / (rights * wrongs);
  };
}

/** What one threshold accepts, and how good that is. */
export interface RiskCoveragePoint {
  /** Answers that score at least this are accepted. */
  threshold: number;
  /** Share of problems accepted, above 0 and at most 1. */
  coverage: number;
  /** Share of right answers among the accepted. */
  accuracy: number;
}

/** Accuracy among accepted answers for every threshold, and one figure for all of them. */
interface RiskCoverage {
  /** By falling threshold, so by rising coverage; one for each score that occurs; ends with coverage 1. */
  points: RiskCoveragePoint[];
  /** Area under risk (1 - accuracy) over coverage, 0 … 1, smaller is better; null without problems. */
  aurc: number | null;
}

/**
 * The risk-coverage curve of a score (El-Yaniv and Wiener 2010): what answers it would let through, and how many of those
 * are wrong. Answers that score the same are accepted together, since no threshold can part them.
 *
 * @param scores - confidence on any scale
 * @param labels - whether the answer is right, same order
 * @throws CopeError OPTIONS_INVALID
 */
export function riskCoverage(scores: readonly number[], labels: readonly boolean[]): RiskCoverage {
  requirePaired("scores and labels", scores, labels);
  requireNumbers("scores", scores);
  const order = [...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]!);
  const points: RiskCoveragePoint[] = [];
  let [hits, risks, before] = [0, 0, 0];
  for (const [at, i] of order.entries()) {
    if (labels[i]) hits++;
    const accepted = at + 1;
    if (accepted < order.length && scores[order[accepted]!] === scores[i]) continue;
    points.push({ threshold: scores[i]!, coverage: accepted / order.length, accuracy: hits / accepted });
    risks += (accepted - before) * (1 - hits / accepted);
    before = accepted;
  }
  return { points, aurc: order.length === 0 ? null : risks / order.length };
}

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
