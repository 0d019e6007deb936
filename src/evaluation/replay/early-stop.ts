import { createBallot } from "../../scorers/classes.js";
import { decide } from "../../scorers/decide.js";
import { chancesOf } from "../../scorers/likely.js";
import { runVote } from "../../scorers/run-vote.js";
import { neededVotes, tally } from "../../scorers/tally.js";

/** What stopping by likelihood saves and costs at one chance. */
export interface EarlyStopPoint {
  /** The bound: see `Stage.execute.stop`. */
  chance: number;
  /** Draws made, of all that are planned. */
  drawn: number;
  planned: number;
  /** Share of the planned draws that are not made. */
  saved: number;
  votes: number;
  /** Votes that accept where all draws escalate or the other way round, or accept another answer. */
  flipped: number;
}

/**
 * What stopping saves against what it flips, when a stage looks after every single draw: the most that any waves can save.
 *
 * @param votes - each the labels of all planned draws in index order, as `runVote` reads them
 * @param threshold - the stage's
 * @param chances - bounds; 0 is the exact rule, which flips nothing
 */
export function earlyStopCurve(
  votes: readonly (readonly number[])[],
  threshold: number,
  chances: readonly number[],
): EarlyStopPoint[] {
  return chances.map((chance) => {
    const point = { chance, drawn: 0, planned: 0, votes: votes.length, flipped: 0 };
    for (const labels of votes) {
      const all = runVote(labels, { threshold, policy: "all" });
      const run = drawByDraw(labels, threshold, chance);
      const same = run.decision === all.decision && (run.decision === "escalate" || run.leader === all.leader);
      point.drawn += run.drawn;
      point.planned += labels.length;
      if (!same) point.flipped += 1;
    }
    return { ...point, saved: point.planned === 0 ? 0 : 1 - point.drawn / point.planned };
  });
}

function drawByDraw(labels: readonly number[], threshold: number, chance: number) {
  const planned = labels.length;
  const needed = neededVotes(planned, threshold);
  const ballot = createBallot();
  const { counts, firsts } = ballot;
  for (;;) {
    ballot.add(labels[ballot.drawn]!);
    const { drawn } = ballot;
    const likely = { ...chancesOf({ counts, drawn, planned }, needed), chance };
    const standing = tally(counts, drawn, planned);
    const decision = decide(standing, { threshold, drawn, planned, likely });
    if (decision !== "sample")
      return { decision, drawn, leader: standing.leader === undefined ? undefined : firsts[standing.leader] };
  }
}
