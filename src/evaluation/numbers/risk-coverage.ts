import { requireNumbers, requirePaired } from "./checks.js";

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
export interface RiskCoverage {
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
