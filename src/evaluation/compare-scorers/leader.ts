import { runVote } from "../../scorers/run-vote.js";
import type { Draw } from "../draw.js";

/** The first draw of the answer that most give, of equals the one seen first; undefined where none is readable. */
export function leaderOf(draws: readonly Draw[], labels: readonly number[]): Draw | undefined {
  const { leader } = runVote(labels, { threshold: 0, policy: "all" });
  return leader === undefined ? undefined : draws[leader];
}
