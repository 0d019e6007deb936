import { createBallot } from "../scorers/classes.js";
import { checkedStanding, missingChecked, type Share } from "../scorers/checked.js";
import { decide, type Decision } from "../scorers/decide.js";
import { chancesOf, likelyMissing } from "../scorers/likely.js";
import { assertPlanned, highest } from "../scorers/scores.js";
import { missingDraws, neededVotes, tally } from "../scorers/tally.js";
import type { Chances, Missing, StopRule } from "../scorers/types.js";
import type { WavePolicy } from "../state/stage.js";
import { nextWave } from "./wave.js";

/** How one stage ended on recorded draws, or how far they reach. */
export interface StageRun {
  /** `sample`: the wave that comes next is not wholly recorded. */
  decision: Decision;
  /** Index of the first sample of the leading answer: the accepted one, or whose goal is carried on; undefined when nothing was readable. */
  leader: number | undefined;
  /** Samples drawn; with `sample` those that must be there to go on. */
  drawn: number;
  waves: number;
  /** The confidence that the decision rests on, 0 … 1. */
  low: number;
}

/** What a stage is run by. */
export interface RecordedStage {
  threshold: number;
  policy: WavePolicy;
  /** n. @default the number of draws */
  planned?: number;
  /** See `Stage.execute.stop`. Changes nothing where the scorer tells no chances. */
  stop?: StopRule | undefined;
}

/** A scorer over recorded draws: how the stage stands after the first `drawn`. It is asked with a rising `drawn`, from 0. */
interface RecordedScorer {
  standing(drawn: number): { low: number; high: number; leader?: number | undefined; winner?: number | undefined };
  missing?(drawn: number): Missing;
  chances?(drawn: number): Chances;
}

/**
 * Runs a stage on recorded draws, wave by wave, as the graph would have: what another threshold or wave policy costs and
 * answers, without a call.
 */
function runStage(
  scorer: RecordedScorer,
  { threshold, policy, planned, stop, recorded }: RecordedStage & { planned: number; recorded: number },
): StageRun {
  let drawn = 0;
  let standing = scorer.standing(0);
  for (let waves = 1; ; waves++) {
    const missing = policy === "all" ? undefined : scorer.missing?.(drawn);
    const until = drawn + nextWave({ policy, waves: waves - 1, drawn, planned, ...(missing ? { missing } : {}) });
    const { leader, low } = standing;
    if (until > recorded) return { decision: "sample", leader, drawn: until, waves, low };
    drawn = until;
    standing = scorer.standing(drawn);
    const chances = stop && scorer.chances?.(drawn);
    const likely = chances ? { likely: { ...chances, ...stop } } : {};
    const decision = decide(standing, { threshold, drawn, planned, ...likely });
    if (decision !== "sample") return { decision, leader: standing.leader, drawn, waves, low: standing.low };
  }
}

/**
 * Runs a stage that votes.
 *
 * @param labels - draws in index order: the position of each sample's answer class (any integers that are equal where the
 *   class is), `UNREADABLE` (−1) where unreadable or failed, `UNKNOWN` (−2) where a comparison could not be finished.
 * @throws CopeError `OPTIONS_INVALID` when nothing is planned
 */
export function runVote(labels: readonly number[], stage: RecordedStage): StageRun {
  const { threshold, stop, planned = labels.length } = stage;
  const needed = neededVotes(planned, threshold);
  const ballot = createBallot();
  const { counts, firsts } = ballot;
  let now = tally(counts, 0, planned);
  const firstOf = (position: number | undefined) => (position === undefined ? undefined : firsts[position]);
  const scorer: RecordedScorer = {
    standing(drawn) {
      labels.slice(ballot.drawn, drawn).forEach(ballot.add);
      now = tally(counts, drawn, planned);
      return { low: now.low, high: now.high, leader: firstOf(now.leader), winner: firstOf(now.winner) };
    },
    missing: (drawn) =>
      stop ? likelyMissing({ counts, drawn, planned }, threshold, stop) : missingDraws(now, threshold),
    chances: (drawn) => chancesOf({ counts, drawn, planned }, needed),
  };
  return runStage(scorer, { ...stage, planned, recorded: labels.length });
}

/**
 * Runs a stage that accepts by tests.
 *
 * @param shares - draws in index order; see `shareOf`
 * @throws CopeError `OPTIONS_INVALID` when nothing is planned
 */
export function runChecked(shares: readonly Share[], stage: RecordedStage): StageRun {
  const { threshold, planned = shares.length } = stage;
  const standing = (drawn: number) => checkedStanding(shares.slice(0, drawn), planned);
  const missing = (drawn: number) => missingChecked(standing(drawn), { drawn, planned, threshold });
  return runStage({ standing, missing }, { ...stage, planned, recorded: shares.length });
}

/**
 * Runs a stage that accepts by the best of its samples' scores: all are drawn in one wave, the highest score leads, of equals
 * the first, and is the confidence.
 *
 * @param scores - of the draws in index order, 0 … 1; null for one that cannot win (unreadable, failed)
 * @throws CopeError `OPTIONS_INVALID` when nothing is planned, or less than is there
 */
export function runScored(
  scores: readonly (number | null)[],
  stage: Pick<RecordedStage, "threshold" | "planned">,
): StageRun {
  const { threshold, planned = scores.length } = stage;
  assertPlanned(scores.length, planned);
  const standing = (drawn: number) => {
    if (drawn < planned) return { low: 0, high: 1 };
    const leader = highest(scores);
    const low = leader === undefined ? 0 : scores[leader]!;
    return { low, high: low, leader, winner: leader };
  };
  return runStage({ standing }, { threshold, policy: "all", planned, recorded: scores.length });
}
