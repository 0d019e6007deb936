import { CopeError } from "../errors.js";
import type { Missing } from "./types.js";

/** Where a vote stands: a `Confidence` over positions of answer classes, and the counts it follows from. */
export interface Tally {
  /** Votes of the leader / planned, 0 … 1: what the leader can no longer lose. */
  low: number;
  /** (Votes of the leader + unknown + remaining) / planned, 0 … 1: what no class, seen or unseen, can exceed any more. */
  high: number;
  /** Position of the class with most votes, of equals the one seen first; undefined when nothing was readable. */
  leader: number | undefined;
  /** The leader, once neither a completion nor the truth about what is unknown can change it. */
  winner: number | undefined;
  /** Votes of the leader. */
  votes: number;
  /**
   * What the strongest other class counts against the leader: its votes, plus 1 if it was seen before the leader, since it
   * would win a tie. A class still unseen counts 0. Never more than `votes`, for the leader leads.
   */
  rival: number;
  /** Samples drawn whose class is unknown. Each may yet be of any class, now and when all is drawn. */
  unknown: number;
  /** Draws to come. */
  remaining: number;
  /** All draws of the stage. */
  planned: number;
}

/**
 * The arithmetic of a vote, without samples or promises, so that a replay can afford it a million times.
 *
 * A sample that is unknown counts as a draw still to come, for good: in no class for `low`, in any for `high`, and against a
 * winner, also as a class of its own that would win a tie with a later one.
 *
 * The leader has won when `rival + unknown + remaining <= votes`. With nothing unknown or remaining that always holds, and
 * `low === high`.
 *
 * @param counts - votes of each answer class in order of first appearance; 0 stands for a sample that is unknown.
 * @param drawn - samples drawn, unreadable and unknown ones included.
 * @param planned - n: an integer, at least 1 and at least `drawn`.
 * @throws CopeError `OPTIONS_INVALID` when more was drawn than planned, or nothing was planned.
 */
export function tally(counts: readonly number[], drawn: number, planned: number): Tally {
  if (!(planned >= 1 && drawn <= planned))
    throw new CopeError(
      "OPTIONS_INVALID",
      `${drawn} samples were drawn where ${planned} were planned.`,
      "plan at least one sample, and at least as many as are scored.",
    );
  let leader: number | undefined;
  let votes = 0;
  // "More than", not "at least": of equals the class seen first leads.
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! <= votes) continue;
    leader = i;
    votes = counts[i]!;
  }
  let rival = 0;
  for (let i = 0; i < counts.length; i++) {
    if (leader !== undefined && i !== leader) rival = Math.max(rival, counts[i]! + (i < leader ? 1 : 0));
  }
  const remaining = planned - drawn;
  const unknown = counts.filter((count) => count === 0).length;
  return {
    low: votes / planned,
    high: (votes + unknown + remaining) / planned,
    leader,
    winner: rival + unknown + remaining <= votes ? leader : undefined,
    votes,
    rival,
    unknown,
    remaining,
    planned,
  };
}

/**
 * The least further draws that could settle the vote, over all ways it could go on in which they can be told apart.
 *
 * - `toAccept`: quickest when every draw goes to the leader. Any other class, seen or unseen, starts with fewer votes (or
 *   loses ties) and has the leader as a rival on top, so none is ever quicker. k draws close the gap to the rival by 2k:
 *   one vote gained and one less to come. `Infinity` when no acceptance is possible, be it that too much is unknown.
 * - `toEscalate`: quickest when no draw counts for the leader; at the latest with the last draw, where too much is unknown for a
 *   winner. `Infinity` when acceptance is certain, though perhaps not yet whose.
 *
 * @param threshold - the stage's, 0 … 1. An acceptance needs a winner, so at least one vote even at threshold 0.
 */
export function missingDraws({ votes, rival, winner, unknown, remaining, planned }: Tally, threshold: number): Missing {
  const needed = neededVotes(planned, threshold);
  const open = unknown + remaining;
  const toAccept = Math.max(0, needed - votes, Math.ceil((rival + open - votes) / 2));
  const mayHaveNoWinner = unknown > 0 && winner === undefined;
  const toEscalate = votes >= needed ? (mayHaveNoWinner ? remaining : Infinity) : votes + open - needed + 1;
  return {
    toAccept: toAccept > remaining ? Infinity : toAccept,
    toEscalate: toEscalate === Infinity ? Infinity : Math.min(remaining, Math.max(0, toEscalate)),
  };
}

/**
 * The least votes that pass a threshold, found by the very comparison that decides: a rounded threshold * planned can be
 * one off. At least 1, since an acceptance needs a winner; planned + 1 where no number of votes passes.
 */
export function neededVotes(planned: number, threshold: number): number {
  let needed = 1;
  while (needed <= planned && needed / planned < threshold) needed++;
  return needed;
}
