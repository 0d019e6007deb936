import { z } from "zod";
import jStat from "jstat";
import { parseOptions } from "../../options-error.js";
import { resample, tails } from "./bootstrap.js";
import { type Interval, requireCount, requirePaired, wilson } from "./intervals.js";

const comparisonOptions = z.strictObject({
  marginPoints: z.number().min(0).max(100).default(5),
  level: z.number().gt(0.5).lt(1).default(0.95),
  resamples: z.int().optional(),
  seed: z.int().optional(),
});

/** `marginPoints`: percentage points that may be lost (5); `level` of each one-sided bound (0.95); the bootstrap's others. */
type ComparisonOptions = z.input<typeof comparisonOptions>;

/** A method held against the large model alone, on the same problems. Differences are shares, -1 … 1, above 0 a gain. */
export interface Comparison {
  /** Problems. */
  n: number;
  /** Accuracy of the method less that of the large model; null without problems. */
  difference: number | null;
  /** One-sided lower bound of the difference. */
  low: number;
  /** One-sided upper bound of the difference. */
  high: number;
  /** `undecided` is a result: these problems are too few to tell. */
  verdict: "non-inferior" | "inferior" | "undecided";
  /** Problems only the method gets right. */
  wins: number;
  /** Problems only the large model gets right. */
  losses: number;
  /** Exact two-sided p of McNemar's test, `mcnemar`. */
  mcnemar: number;
}

/**
 * Whether a method is as good as the large model, but for a margin: `non-inferior` when the lower bound of the difference
 * is above -margin, `inferior` when the upper bound is below it, else `undecided`.
 *
 * Each bound is the more cautious of two: the paired bootstrap's, and `pairedRates`'. They agree where many problems tell
 * the methods apart. Where few do, the bootstrap alone would be far too sure, since no resample can hold a loss that was
 * not seen: where there is no discordant pair, all its resamples say 0. There the second bound stands alone: 10 equal
 * problems give -0.21, and 52 are needed for a margin of 5 points.
 *
 * @param method - whether the method got each problem right
 * @param large - the same of the large model, same problems, same order
 * @throws CopeError OPTIONS_INVALID
 */
export function compareToLarge(
  method: readonly boolean[],
  large: readonly boolean[],
  options: ComparisonOptions = {},
): Comparison {
  const { marginPoints, level, ...chance } = parseOptions(comparisonOptions, options, "Comparison");
  requirePaired("method and large", method, large);
  const n = method.length;
  if (n === 0) return { n, difference: null, low: -1, high: 1, verdict: "undecided", wins: 0, losses: 0, mcnemar: 1 };
  const gains = Int8Array.from(method, (right, i) => Number(right) - Number(large[i]));
  const wins = gains.filter((gain) => gain > 0).length;
  const losses = gains.filter((gain) => gain < 0).length;
  const differences = resample(
    n,
    (indices) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += gains[indices[i]!]!;
      // Divided once: -3 of 60 is then the very number that a margin of 5 points is.
      return sum / n;
    },
    chance,
  );
  const resampled = tails(differences, 1 - level);
  const rates = pairedRates(wins, losses, n, 2 * level - 1);
  const low = Math.min(resampled[0], rates[0]);
  const high = Math.max(resampled[1], rates[1]);
  const margin = marginPoints / 100;
  const verdict = low > -margin ? "non-inferior" : high < -margin ? "inferior" : "undecided";
  return { n, difference: (wins - losses) / n, low, high, verdict, wins, losses, mcnemar: mcnemar(wins, losses) };
}

/**
 * Two-sided interval for the difference of two accuracies on the same problems, from how many only the one (`wins`) or
 * only the other (`losses`) gets right: Wilson's intervals of both rates, joined by the method of variance estimates
 * recovery (Zou and Donner 2008). Unlike the bootstrap it allows for outcomes that did not happen to occur, so it keeps
 * its width where no problem, or only a few, tell the methods apart.
 *
 * @param n - problems, at least 1
 * @returns differences of shares, -1 … 1
 */
export function pairedRates(wins: number, losses: number, n: number, level: number): Interval {
  const [w, l] = [wins / n, losses / n];
  const [winsLow, winsHigh] = wilson(wins, n, level);
  const [lossesLow, lossesHigh] = wilson(losses, n, level);
  // A problem is never both, so the two rates are negatively correlated.
  const r = wins === 0 || losses === 0 ? 0 : -Math.sqrt((w * l) / ((1 - w) * (1 - l)));
  const away = (a: number, b: number) => Math.sqrt(a * a - 2 * r * a * b + b * b);
  return [w - l - away(w - winsLow, lossesHigh - l), w - l + away(winsHigh - w, l - lossesLow)];
}

/**
 * McNemar's exact two-sided test: how likely the problems that only one of two methods gets right would be split at least
 * as unevenly, were both methods equally good. Says nothing of how large a difference is, and a large p is no proof of
 * equality: for that see `compareToLarge`.
 *
 * @param wins - problems only the first method gets right
 * @param losses - problems only the second gets right
 * @returns p, 0 … 1, right to 1e-10, so that 0 means less than that; 1 where no problem tells them apart
 * @throws CopeError OPTIONS_INVALID for impossible counts
 */
export function mcnemar(wins: number, losses: number): number {
  requireCount("wins", wins, wins + losses);
  const discordant = wins + losses;
  if (discordant === 0) return 1;
  return Math.min(1, 2 * jStat.binomial.cdf(Math.min(wins, losses), discordant, 0.5));
}

/** How often something happened where it could. */
interface Flip {
  count: number;
  /** Problems where it could have happened. */
  of: number;
  /** `count / of`, 0 … 1; null where it could not have happened. */
  rate: number | null;
  /** Wilson's 95 % interval of the rate. */
  interval: Interval;
}

/** What a change did to the same problems. */
export interface Flips {
  /** Of the answers right before: those wrong after. */
  rightToWrong: Flip;
  /** Of the answers wrong before: those right after. */
  wrongToRight: Flip;
}

/**
 * What a later stage, or another method, made of answers: right ones made wrong, and wrong ones made right.
 *
 * @param before - whether each answer was right
 * @param after - the same of the answers that took their place, same order
 * @throws CopeError OPTIONS_INVALID
 */
export function flips(before: readonly boolean[], after: readonly boolean[]): Flips {
  requirePaired("before and after", before, after);
  const from = (right: boolean): Flip => {
    const could = after.filter((_, i) => before[i] === right);
    const count = could.filter((now) => now !== right).length;
    const of = could.length;
    return { count, of, rate: of === 0 ? null : count / of, interval: wilson(count, of) };
  };
  return { rightToWrong: from(true), wrongToRight: from(false) };
}
