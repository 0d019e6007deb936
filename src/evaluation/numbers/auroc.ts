import { bootstrap, type BootstrapOptions } from "./bootstrap.js";
import { requireNumbers, requirePaired } from "./checks.js";
import type { Interval } from "./interval.js";
import { wilsonOfShare } from "./wilson.js";

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
