import { CopeError } from "../errors.js";

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

/** @throws CopeError `OPTIONS_INVALID` when nothing is planned, or less than is there */
export function assertPlanned(drawn: number, planned: number): void {
  if (planned >= 1 && drawn <= planned) return;
  const reason = `${drawn} samples were drawn where ${planned} were planned.`;
  throw new CopeError("OPTIONS_INVALID", reason, "plan at least one sample, and at least as many as are scored.");
}
