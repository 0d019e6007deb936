import { decide } from "./decide.js";
import { missingDraws, tally } from "./tally.js";
import { nextWave, type WavePolicy } from "./waves.js";

/** How one stage ended on recorded draws. */
export interface VoteRun {
  decision: "accept" | "escalate";
  /** Index of the first sample of the leading answer: the accepted one, or whose goal is carried on; undefined when nothing was readable. */
  leader: number | undefined;
  /** Samples drawn, at most as many as recorded. */
  drawn: number;
  waves: number;
}

/**
 * Runs a voting stage on recorded draws, wave by wave, as the graph would have: what a replay under another threshold or
 * wave policy costs and answers, without a call.
 *
 * @param labels - all n draws in index order, at least one: the position of each sample's answer class (any integers that
 *   are equal where the class is), negative where unreadable or failed. n is the number of labels.
 * @throws CopeError `OPTIONS_INVALID` when there are no labels.
 */
export function runVote(
  labels: readonly number[],
  { threshold, policy }: { threshold: number; policy: WavePolicy },
): VoteRun {
  const planned = labels.length;
  const positions = new Map<number, number>();
  const firsts: number[] = [];
  const counts: number[] = [];
  let drawn = 0;
  let standing = tally(counts, drawn, planned);
  for (let waves = 1; ; waves++) {
    const missing = missingDraws(standing, threshold);
    const until = drawn + nextWave({ policy, waves: waves - 1, drawn, planned, missing });
    for (; drawn < until; drawn++) {
      const label = labels[drawn]!;
      if (label < 0) continue;
      const position = positions.get(label) ?? firsts.push(drawn) - 1;
      positions.set(label, position);
      counts[position] = (counts[position] ?? 0) + 1;
    }
    standing = tally(counts, drawn, planned);
    const decision = decide(standing, { threshold, drawn, planned });
    const leader = standing.leader === undefined ? undefined : firsts[standing.leader];
    if (decision !== "sample") return { decision, leader, drawn, waves };
  }
}
