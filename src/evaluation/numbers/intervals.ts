import jStat from "jstat";
import { CopeError } from "../../errors.js";

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

/** Where a figure may lie, given the data. */
export type Interval = [low: number, high: number];

/** Two lists that speak of the same problems have the same length. @throws CopeError OPTIONS_INVALID */
export function requirePaired(names: string, a: readonly unknown[], b: readonly unknown[]): void {
  if (a.length !== b.length)
    throw new CopeError(
      "OPTIONS_INVALID",
      `${names}: ${a.length} and ${b.length} values are given where one of each belongs to every problem.`,
      "give both for the same problems, in the same order.",
    );
}

/**
 * Every value is a finite number within bounds that belong to it.
 *
 * @throws CopeError OPTIONS_INVALID, naming the first that is not
 */
export function requireNumbers(name: string, values: readonly number[], least = -Infinity, most = Infinity): void {
  const at = values.findIndex((value) => !(Number.isFinite(value) && value >= least && value <= most));
  if (at < 0) return;
  const range = [
    "a finite number",
    Number.isFinite(least) ? `, at least ${least}` : "",
    Number.isFinite(most) ? `, at most ${most}` : "",
  ].join("");
  throw new CopeError(
    "OPTIONS_INVALID",
    `${name}: ${range} is needed; ${values[at]} is given at position ${at}.`,
    "correct the value, or leave its problem out.",
  );
}

/** A count among n things is a whole number from 0 to n. @throws CopeError OPTIONS_INVALID */
export function requireCount(name: string, count: number, n: number): void {
  if (!(Number.isSafeInteger(count) && Number.isSafeInteger(n) && count >= 0 && count <= n))
    throw new CopeError(
      "OPTIONS_INVALID",
      `${name}: ${count} of ${n} is impossible.`,
      "give whole numbers, the first at most the second.",
    );
}
