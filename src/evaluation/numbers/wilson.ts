import jStat from "jstat";
import { CopeError } from "../../errors.js";
import { requireCount } from "./checks.js";
import type { Interval } from "./interval.js";

/**
 * Wilson's score interval for a share (Wilson 1927): stays within 0 … 1 and holds its level also for few trials.
 *
 * @param hits - a whole number, 0 … n
 * @param n - trials; with none, the share may be anything: [0, 1]
 * @param level - confidence of the two-sided interval, between 0 and 1. @default 0.95
 * @returns shares, 0 … 1
 * @throws CopeError OPTIONS_INVALID for impossible counts or levels
 */
export function wilson(hits: number, n: number, level = 0.95): Interval {
  requireCount("hits", hits, n);
  return n === 0 ? [0, 1] : wilsonOfShare(hits / n, n, level);
}

/** The same for an observed share, which need not be a whole number of hits where ties count half; n is at least 1. */
export function wilsonOfShare(share: number, n: number, level: number): Interval {
  if (!(level > 0 && level < 1))
    throw new CopeError("OPTIONS_INVALID", `level: ${level} is given.`, "give a number between 0 and 1, such as 0.95.");
  const z = jStat.normal.inv((1 + level) / 2, 0, 1);
  const middle = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  // At no hits and at all hits one end is exact; rounding would put it a hair beside.
  return [share === 0 ? 0 : (middle - half) / scale, share === 1 ? 1 : (middle + half) / scale];
}
