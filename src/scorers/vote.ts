import type { Json } from "../state/json.js";
import type { Sample } from "../state/sample.js";
import { answerClasses } from "./classes.js";
import { quoteValue } from "./quote.js";
import { chancesOf, likelyMissing, type Standing } from "./likely.js";
import { missingDraws, neededVotes, tally, type Tally } from "./tally.js";
import type { Chances, Confidence, Draw, Missing, StopRule } from "./types.js";

/**
 * Consensus ratio: votes of the most frequent answer / planned samples (arXiv 2506.11578, closed answers). Failed and
 * unreadable samples vote for nothing but count in the ratio. Ties go to the answer seen first; leader and winner are the
 * first sample that gave the answer. With all planned samples there, `low === high` is the plain ratio.
 *
 * @throws CopeError `OPTIONS_INVALID` when there are more samples than planned.
 */
async function consensus(samples: readonly Sample[], { planned, same }: Draw): Promise<Confidence> {
  const classes = await answerClasses(samples, same);
  const standing = tally(
    classes.map((answer) => answer.members.length),
    samples.length,
    planned,
  );
  const { low, high, leader, winner } = standing;
  const best = leader === undefined ? undefined : classes[leader];
  const why = explain(samples, standing, best?.value);
  if (best === undefined) return { low, high, why };
  const id = best.members[0]!;
  return { low, high, ...(winner === undefined ? {} : { winner: id }), leader: id, why };
}

/** Least further draws after which the vote could be settled, true minima over all completions; see `missingDraws`. */
async function missing(
  samples: readonly Sample[],
  { threshold, stop, ...draw }: Draw & { threshold: number; stop?: StopRule },
): Promise<Missing> {
  const standing = await standingOf(samples, draw);
  if (stop) return likelyMissing(standing, threshold, stop);
  return missingDraws(tally(standing.counts, standing.drawn, standing.planned), threshold);
}

/** How all planned draws would decide, as chances; see `chancesOf`. */
async function chances(samples: readonly Sample[], draw: Draw & { threshold: number }): Promise<Chances> {
  return chancesOf(await standingOf(samples, draw), neededVotes(draw.planned, draw.threshold));
}

async function standingOf(samples: readonly Sample[], { planned, same }: Draw): Promise<Standing> {
  const classes = await answerClasses(samples, same);
  return { counts: classes.map((answer) => answer.members.length), drawn: samples.length, planned };
}

/** The vote scorer: consensus ratio with exact early stop, and with a bounded one where a stage asks for it. */
export const vote = Object.assign(consensus, {
  /** Least further draws after which the vote could be settled. */
  missing,
  /** How all planned draws would decide, as chances. */
  chances,
});

/** The evidence: `4 of 6 drawn agree on 42, 2 to come, 1 unreadable`. */
function explain(samples: readonly Sample[], { votes, remaining, planned }: Tally, value: Json | undefined): string {
  const failed = samples.filter((sample) => sample.failed !== undefined).length;
  const unreadable = samples.filter((sample) => sample.value === undefined).length - failed;
  const drawn = remaining === 0 ? `${planned} samples` : `${samples.length} drawn`;
  return [
    value === undefined
      ? `none of ${drawn} has a readable answer`
      : `${votes} of ${drawn} agree on ${quoteValue(value)}`,
    remaining > 0 && `${remaining} to come`,
    unreadable > 0 && `${unreadable} unreadable`,
    failed > 0 && `${failed} failed`,
  ]
    .filter(Boolean)
    .join(", ");
}
