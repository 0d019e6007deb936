import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { z } from "zod";
import { parseOptions } from "../../options-error.js";
import { requireNumbers } from "./checks.js";
import type { Interval } from "./interval.js";

const bootstrapOptions = z.strictObject({
  resamples: z.int().min(100).max(10_000_000).default(10_000),
  seed: z.int32().default(0),
  level: z.number().gt(0).lt(1).default(0.95),
});

/** `resamples` (10,000), `seed` (0: the same data always get the same interval) and two-sided `level` (0.95). */
export type BootstrapOptions = z.input<typeof bootstrapOptions>;

/**
 * A figure's distribution over resampled problems (Efron 1979). Paired by nature: the statistic sees problems, so that
 * whatever it reads of a problem, of however many methods, stays together.
 *
 * @param n - problems, at least 1
 * @param statistic - the figure of one resample, given as n positions of problems. The array is used again for the next
 *   resample. NaN where the figure does not exist there; such resamples are left out.
 * @returns the figures in ascending order
 * @throws CopeError OPTIONS_INVALID
 */
export function resample(
  n: number,
  statistic: (indices: Int32Array) => number,
  options: BootstrapOptions = {},
): Float64Array {
  const { resamples, seed } = parseOptions(bootstrapOptions, options, "Bootstrap");
  const random = xoroshiro128plus(seed);
  const indices = new Int32Array(n);
  const figures = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < n; i++) indices[i] = uniformInt(random, 0, n - 1);
    figures[r] = statistic(indices);
  }
  // Typed arrays sort numbers ascending with NaN at the end.
  figures.sort();
  const missing = figures.findIndex(Number.isNaN);
  return missing < 0 ? figures : figures.subarray(0, missing);
}

/**
 * The figures that leave a given share of the distribution on either side. They are figures of resamples and never lie
 * between two, so that holding them against a margin is exact.
 *
 * @param ascending - at least one figure
 * @param share - of each tail, 0 … 0.5
 */
export function tails(ascending: Float64Array, share: number): Interval {
  // The product may come out a hair above the whole number that it is.
  const at = Math.max(0, Math.ceil(share * ascending.length - 1e-6) - 1);
  return [ascending[at]!, ascending[ascending.length - 1 - at]!];
}

/**
 * The two-sided percentile interval of any figure of n problems; see `resample` for the statistic.
 *
 * Null with fewer than two problems, or where the figure exists in no resample: one value says nothing of its spread. A
 * resample can hold only what was seen, so intervals of few problems are too narrow, and of equal values have no width.
 * For shares of right and wrong take `wilson`, for two methods `compareToLarge`.
 *
 * @throws CopeError OPTIONS_INVALID
 */
export function bootstrap(
  n: number,
  statistic: (indices: Int32Array) => number,
  options: BootstrapOptions = {},
): Interval | null {
  const { level } = parseOptions(bootstrapOptions, options, "Bootstrap");
  if (n < 2) return null;
  const figures = resample(n, statistic, options);
  return figures.length === 0 ? null : tails(figures, (1 - level) / 2);
}

/** The two-sided percentile interval of a mean: null with fewer than two values. @throws CopeError OPTIONS_INVALID */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions = {}): Interval | null {
  requireNumbers("values", values);
  const all = Float64Array.from(values);
  return bootstrap(
    all.length,
    (indices) => {
      let sum = 0;
      for (let i = 0; i < indices.length; i++) sum += all[indices[i]!]!;
      return sum / indices.length;
    },
    options,
  );
}
