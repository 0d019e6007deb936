import { bootstrap, type BootstrapOptions } from "./bootstrap.js";
import type { Interval } from "./interval.js";

/** A ratio of two sums over the same problems. */
export interface Ratio {
  /** Null where either is unknown, or the second is 0. */
  ratio: number | null;
  /** Two-sided 95 % bootstrap over problems; null where the ratio is, or with one problem. */
  interval: Interval | null;
  n: number;
}

/**
 * What all problems took of one thing, as a share of what they took of another.
 *
 * @param pairs - both of each problem; one that is unknown makes the ratio unknown
 * @throws CopeError OPTIONS_INVALID
 */
export function ratioOfSums(
  pairs: readonly (readonly [part: number | null, whole: number | null])[],
  options: BootstrapOptions = {},
): Ratio {
  const known = pairs.flatMap(([part, whole]) => (part === null || whole === null ? [] : [[part, whole] as const]));
  const n = pairs.length;
  const over = (indices: Iterable<number>) => {
    let [part, whole] = [0, 0];
    for (const i of indices) {
      part += known[i]![0];
      whole += known[i]![1];
    }
    return part / whole;
  };
  const ratio = known.length === n && n > 0 ? over(known.keys()) : Number.NaN;
  // Where the second sum is 0 there is nothing to hold the first against.
  if (!Number.isFinite(ratio)) return { ratio: null, interval: null, n };
  return { ratio, interval: bootstrap(n, over, options), n };
}
