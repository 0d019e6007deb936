import { createBallot } from "./classes.js";
import { decide } from "./decide.js";
import { chancesOf, likelyMissing } from "./likely.js";
import { missingDraws, neededVotes, tally } from "./tally.js";
import type { StopRule } from "./types.js";
import { nextWave, type WavePolicy } from "./waves.js";

/** How one stage ended on recorded draws, or how far they reach. */
export interface VoteRun {
  /** `sample`: the wave that comes next is not wholly recorded. */
  decision: "accept" | "sample" | "escalate";
  /** Index of the first sample of the leading answer: the accepted one, or whose goal is carried on; undefined when nothing was readable. */
  leader: number | undefined;
  /** Samples drawn; with `sample` those that must be there to go on. */
  drawn: number;
  waves: number;
  /** Votes of the leader / planned: the confidence that the decision rests on. */
  low: number;
}

/**
 * Runs a voting stage on recorded draws, wave by wave, as the graph would have: what a replay under another threshold or
 * wave policy costs and answers, without a call.
 *
 * @param labels - draws in index order: the position of each sample's answer class (any integers that are equal where the
 *   class is), `UNREADABLE` (−1) where unreadable or failed, `UNKNOWN` (−2) where a comparison could not be finished.
 * @param options - `planned`: n. @default the number of labels. `stop`: the stage's, see `Stage.execute.stop`
 * @throws CopeError `OPTIONS_INVALID` when nothing is planned, or less than is there.
 */
export function runVote(
  labels: readonly number[],
  {
    threshold,
    policy,
    planned = labels.length,
    stop,
  }: { threshold: number; policy: WavePolicy; planned?: number; stop?: StopRule | undefined },
): VoteRun {
  const ballot = createBallot();
  const { counts, firsts } = ballot;
  const needed = neededVotes(planned, threshold);
  let standing = tally(counts, 0, planned);
  const leaderOf = () => (standing.leader === undefined ? undefined : firsts[standing.leader]);
  for (let waves = 1; ; waves++) {
    const { drawn: before } = ballot;
    const missing = stop
      ? likelyMissing({ counts, drawn: before, planned }, threshold, stop)
      : missingDraws(standing, threshold);
    const until = before + nextWave({ policy, waves: waves - 1, drawn: before, planned, missing });
    if (until > labels.length)
      return { decision: "sample", leader: leaderOf(), drawn: until, waves, low: standing.low };
    labels.slice(before, until).forEach(ballot.add);
    const { drawn } = ballot;
    standing = tally(counts, drawn, planned);
    const likely = stop && { ...chancesOf({ counts, drawn, planned }, needed), ...stop };
    const decision = decide(standing, { threshold, drawn, planned, ...(likely ? { likely } : {}) });
    if (decision !== "sample") return { decision, leader: leaderOf(), drawn, waves, low: standing.low };
  }
}
