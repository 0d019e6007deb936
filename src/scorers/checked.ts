import { CopeError } from "../errors.js";
import type { Checks } from "../state/checks.js";
import type { Missing } from "./types.js";

/**
 * What a sample's tests said of it, for the tests scorer: the share passed, 0 … 1; `untested` where its task has no tests;
 * null where nothing could be read or the call failed.
 */
export type Share = number | "untested" | null;

/** The share of a sample, or of a recorded draw. */
export function shareOf({ value, checks }: { value?: unknown; checks?: Checks | null | undefined }): Share {
  if (value === undefined || value === null) return null;
  return checks && checks.total > 0 ? checks.passed / checks.total : "untested";
}

/** Where a stage stands that accepts the first sample to pass all tests: a `Confidence` over positions of samples. */
export interface CheckedStanding {
  low: 0 | 1;
  high: 0 | 1;
  /** The first that passed all tests, else the one that passed most, of equals the first; undefined when none was readable. */
  leader: number | undefined;
  /** The leader, once no completion can change it. */
  winner: number | undefined;
  /** Whether the first readable sample had no tests, and so none has. */
  untested: boolean;
}

/**
 * The rule of the tests scorer without samples, so that a replay can afford it a million times. Confidence is 1 if one sample
 * passes all tests, else 0; shares below 1 only order leaders.
 *
 * @param shares - of the samples drawn, in index order.
 * @param planned - n: at least 1 and at least as many as are drawn.
 * @throws CopeError `OPTIONS_INVALID` when more was drawn than planned, or nothing was planned.
 */
export function checkedStanding(shares: readonly Share[], planned: number): CheckedStanding {
  if (!(planned >= 1 && shares.length <= planned))
    throw new CopeError(
      "OPTIONS_INVALID",
      `${shares.length} samples were drawn where ${planned} were planned.`,
      "plan at least one sample, and at least as many as are scored.",
    );
  const first = shares.findIndex((share) => share !== null);
  // Tests belong to the task: one sample tells for all whether there are any.
  if (shares[first] === "untested") return { low: 0, high: 0, leader: first, winner: first, untested: true };
  let leader: number | undefined;
  let best = -1;
  shares.forEach((share, index) => {
    if (typeof share !== "number" || share <= best) return;
    leader = index;
    best = share;
  });
  const passed = best >= 1;
  const complete = shares.length === planned;
  const winner = passed || complete ? leader : undefined;
  return { low: passed ? 1 : 0, high: passed || !complete ? 1 : 0, leader, winner, untested: false };
}

/** Size of the second wave. */
const SECOND = 3;

/**
 * Draws to come in the next wave, as the least that could settle the stage. One more could always pass and be accepted; but
 * every wave is waited for, so the first sample goes alone, since it passes more often than any other is needed, then three go
 * together, and then the rest.
 */
export function missingChecked(
  { low, high, leader, winner }: CheckedStanding,
  { drawn, planned, threshold }: { drawn: number; planned: number; threshold: number },
): Missing {
  if (winner !== undefined && low >= threshold) return { toAccept: 0, toEscalate: Infinity };
  if (high < threshold || drawn >= planned) return { toAccept: Infinity, toEscalate: 0 };
  const remaining = planned - drawn;
  // At threshold 0 whatever leads at the end is accepted.
  const toEscalate = threshold <= low && leader !== undefined ? Infinity : remaining;
  return { toAccept: Math.min(remaining, drawn === 0 ? 1 : SECOND), toEscalate };
}
