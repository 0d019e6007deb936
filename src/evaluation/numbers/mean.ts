import jStat from "jstat";
import { bootstrapMean, type BootstrapOptions } from "./bootstrap.js";
import { requireNumbers } from "./checks.js";
import type { Interval } from "./interval.js";

/** The mean of figures of which some may be unknown. */
export interface Mean {
  /** Null as soon as one value is unknown, and without values. */
  mean: number | null;
  /** Two-sided bootstrap interval; null where the mean is, and with one value. */
  interval: Interval | null;
  n: number;
  /** Values that are unknown. */
  unknown: number;
}

/**
 * The mean of a cost, of tokens or of seconds, with its bootstrap interval over problems. An unknown value is neither 0 nor
 * left out: one makes the mean unknown.
 *
 * @throws CopeError OPTIONS_INVALID
 */
export function meanOf(values: readonly (number | null)[], options: BootstrapOptions = {}): Mean {
  const known = values.filter((value) => value !== null);
  const n = values.length;
  const unknown = n - known.length;
  requireNumbers(
    "values",
    values.map((value) => (value === null ? 0 : value)),
  );
  if (unknown > 0 || n === 0) return { mean: null, interval: null, n, unknown };
  return { mean: jStat.mean(known), interval: bootstrapMean(known, options), n, unknown };
}
