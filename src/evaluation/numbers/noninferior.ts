import { z } from "zod";
import { parseOptions } from "../../options-error.js";
import { resample, tails } from "./bootstrap.js";
import { requirePaired } from "./checks.js";
import { mcnemar } from "./mcnemar.js";
import { pairedRates } from "./paired-rates.js";

const comparisonOptions = z.strictObject({
  marginPoints: z.number().min(0).max(100).default(5),
  level: z.number().gt(0.5).lt(1).default(0.95),
  resamples: z.int().optional(),
  seed: z.int().optional(),
});

/** `marginPoints`: percentage points that may be lost (5); `level` of each one-sided bound (0.95); the bootstrap's others. */
export type ComparisonOptions = z.input<typeof comparisonOptions>;

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
