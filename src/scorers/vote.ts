import type { Json } from "../state/json.js";
import type { Sample } from "../state/sample.js";
import { answerClasses } from "./classes.js";
import { quoteValue } from "./quote.js";
import { missingDraws, tally, type Tally } from "./tally.js";
import type { Confidence, Draw, Missing } from "./types.js";

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
async function missing(samples: readonly Sample[], draw: Draw & { threshold: number }): Promise<Missing> {
  const classes = await answerClasses(samples, draw.same);
  const counts = classes.map((answer) => answer.members.length);
  return missingDraws(tally(counts, samples.length, draw.planned), draw.threshold);
}

/** The vote scorer: consensus ratio with exact early stop. */
export const vote = Object.assign(consensus, {
  /** Least further draws after which the vote could be settled. */
  missing,
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
