import type { Json } from "../state/json.js";
import type { Sample } from "../state/sample.js";
import { createBallot, labelSamples, type Ballot } from "./classes.js";
import { quoteValue } from "./quote.js";
import { chancesOf, likelyMissing } from "./likely.js";
import { missingDraws, neededVotes, tally, type Tally } from "./tally.js";
import type { Chances, Confidence, Draw, Missing, StopRule } from "./types.js";

/**
 * Consensus ratio: votes of the most frequent answer / planned samples (arXiv 2506.11578, closed answers). Failed and
 * unreadable samples vote for nothing but count in the ratio. Ties go to the answer seen first; leader and winner are the
 * first sample that gave the answer. With all planned samples there and compared, `low === high` is the plain ratio. A sample
 * whose comparison could not be finished counts as a draw still to come.
 *
 * @throws CopeError `OPTIONS_INVALID` when there are more samples than planned.
 */
async function consensus(samples: readonly Sample[], { planned, same }: Draw): Promise<Confidence> {
  const { counts, firsts } = await ballotOf(samples, same);
  const standing = tally(counts, samples.length, planned);
  const { low, high, leader, winner } = standing;
  const best = leader === undefined ? undefined : samples[firsts[leader]!]!;
  const why = explain(samples, standing, best?.value);
  if (best === undefined) return { low, high, why };
  return { low, high, ...(winner === undefined ? {} : { winner: best.id }), leader: best.id, why };
}

/** Least further draws after which the vote could be settled, true minima over all completions; see `missingDraws`. */
async function missing(
  samples: readonly Sample[],
  { threshold, stop, planned, same }: Draw & { threshold: number; stop?: StopRule },
): Promise<Missing> {
  const standing = { ...(await ballotOf(samples, same)), planned };
  if (stop) return likelyMissing(standing, threshold, stop);
  return missingDraws(tally(standing.counts, standing.drawn, planned), threshold);
}

/** How all planned draws would decide, as chances; see `chancesOf`. */
async function chances(
  samples: readonly Sample[],
  { planned, same, threshold }: Draw & { threshold: number },
): Promise<Chances> {
  return chancesOf({ ...(await ballotOf(samples, same)), planned }, neededVotes(planned, threshold));
}

const ballotOf = async (samples: readonly Sample[], same: Draw["same"]): Promise<Ballot> =>
  createBallot(await labelSamples(samples, same));

/** The vote scorer: consensus ratio with exact early stop, and with a bounded one where a stage asks for it. */
export const vote = Object.assign(consensus, {
  /** Least further draws after which the vote could be settled. */
  missing,
  /** How all planned draws would decide, as chances. */
  chances,
});

/** The evidence: `4 of 6 drawn agree on 42, 2 to come, 1 unreadable`. */
function explain(
  samples: readonly Sample[],
  { votes, unknown, remaining, planned }: Tally,
  value: Json | undefined,
): string {
  const failed = samples.filter((sample) => sample.failed !== undefined).length;
  const unreadable = samples.filter((sample) => sample.value === undefined).length - failed;
  const drawn = remaining === 0 ? `${planned} samples` : `${samples.length} drawn`;
  return [
    value === undefined
      ? `none of ${drawn} has a readable answer`
      : `${votes} of ${drawn} agree on ${quoteValue(value)}`,
    remaining > 0 && `${remaining} to come`,
    unknown > 0 && `${unknown} unknown since comparing took too long`,
    unreadable > 0 && `${unreadable} unreadable`,
    failed > 0 && `${failed} failed`,
  ]
    .filter(Boolean)
    .join(", ");
}
