import { CopeError } from "../errors.js";
import { decide } from "./decide.js";
import type { VoteRun } from "./run-vote.js";

/**
 * Where the highest score stands, of equals the first; undefined where no sample has one. For scorers that give each sample a
 * confidence of its own.
 *
 * @param scores - 0 … 1, null for a sample that cannot win
 */
export function highest(scores: readonly (number | null)[]): number | undefined {
  let leader: number | undefined;
  scores.forEach((score, i) => {
    if (score !== null && (leader === undefined || score > scores[leader]!)) leader = i;
  });
  return leader;
}

/**
 * Runs a stage that accepts by the best of its samples' scores on recorded draws, as the graph would have: all are drawn in
 * one wave, the highest score leads, of equals the first, and is the confidence.
 *
 * @param scores - of the draws in index order, 0 … 1; null for one that cannot win (unreadable, failed)
 * @param options - `planned`: n. @default the number of scores
 * @throws CopeError `OPTIONS_INVALID` when nothing is planned, or less than is there
 */
export function runScored(
  scores: readonly (number | null)[],
  { threshold, planned = scores.length }: { threshold: number; planned?: number },
): VoteRun {
  assertPlanned(scores.length, planned);
  if (scores.length < planned) return { decision: "sample", leader: undefined, drawn: planned, waves: 1, low: 0 };
  const leader = highest(scores);
  const low = leader === undefined ? 0 : scores[leader]!;
  const decision = decide({ low, high: low, winner: leader }, { threshold, drawn: planned, planned });
  return { decision, leader, drawn: planned, waves: 1, low };
}

/** @throws CopeError `OPTIONS_INVALID` when nothing is planned, or less than is there */
export function assertPlanned(drawn: number, planned: number): void {
  if (planned >= 1 && drawn <= planned) return;
  const reason = `${drawn} samples were drawn where ${planned} were planned.`;
  throw new CopeError("OPTIONS_INVALID", reason, "plan at least one sample, and at least as many as are scored.");
}
