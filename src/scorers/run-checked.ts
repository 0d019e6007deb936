import { checkedStanding, missingChecked, type Share } from "./checked.js";
import { decide } from "./decide.js";
import type { VoteRun } from "./run-vote.js";
import type { StopRule } from "./types.js";
import { nextWave, type WavePolicy } from "./waves.js";

/**
 * Runs a stage that accepts by tests on recorded draws, wave by wave, as the graph would have: what a replay under another n
 * or wave policy costs and answers, without a call.
 *
 * @param shares - draws in index order; see `shareOf`
 * @param options - `planned`: n. @default the number of shares. `stop` changes nothing: tests tell no chances.
 * @throws CopeError `OPTIONS_INVALID` when nothing is planned, or less than is there.
 */
export function runChecked(
  shares: readonly Share[],
  {
    threshold,
    policy,
    planned = shares.length,
  }: { threshold: number; policy: WavePolicy; planned?: number; stop?: StopRule | undefined },
): VoteRun {
  let drawn = 0;
  let standing = checkedStanding([], planned);
  for (let waves = 1; ; waves++) {
    const missing = missingChecked(standing, { drawn, planned, threshold });
    const until = drawn + nextWave({ policy, waves: waves - 1, drawn, planned, missing });
    const { leader, low } = standing;
    if (until > shares.length) return { decision: "sample", leader, drawn: until, waves, low };
    drawn = until;
    standing = checkedStanding(shares.slice(0, drawn), planned);
    const decision = decide(standing, { threshold, drawn, planned });
    if (decision !== "sample") return { decision, leader: standing.leader, drawn, waves, low: standing.low };
  }
}
