import type { Json } from "../state/json.js";
import type { Sample } from "../state/sample.js";
import { createBallot, labelSamples, UNKNOWN } from "./classes.js";
import { quoteValue } from "./quote.js";
import { tally } from "./tally.js";
import type { Confidence, Draw } from "./types.js";

type Fields = { [name: string]: Json };

/** A field of the answers, and which samples agree on it. */
interface Field {
  name: string;
  /** For each sample, how many give the same as it does, itself included; a field that is left out is a value, too. */
  votes: readonly number[];
  /** For each sample, whether it gives what most do, of equals what was seen first. */
  agrees: readonly boolean[];
  /** Votes of what most give. */
  most: number;
  /** Samples of which nobody could tell what they give the same as. */
  unknown: number;
}

/**
 * Consensus field by field, for answers that are objects: each top-level field is voted on by itself, over all planned
 * samples. The leader is a sample as it was given, never put together from several: the one that agrees with most fields'
 * majorities; of equals the one whose least supported field has most votes, then the first.
 *
 * Confidence is the share of the planned samples that agree with the leader on its least supported field. So it is at least
 * what the vote on whole answers gives that sample, and it says nothing of how often the fields are right together.
 *
 * Until all samples are drawn `low` is 0: a field may yet turn another way. For the same reason it is 0, and nobody wins, where
 * a comparison could not be finished. What is no object is one field.
 *
 * @throws CopeError `OPTIONS_INVALID` when there are more samples than planned.
 */
export async function fields(samples: readonly Sample[], { planned, same }: Draw): Promise<Confidence> {
  const readable = samples.filter(({ value }) => value !== undefined);
  const { remaining } = tally([], samples.length, planned);
  const voted = await vote(readable, same);
  const unknown = voted.reduce((sum, field) => sum + field.unknown, 0);
  const most = voted.map((field) => Math.min(readable.length, field.most + field.unknown));
  const high = (Math.min(readable.length, ...most) + remaining) / planned;
  const best = leaderOf(readable, voted);
  if (best === undefined) {
    return { low: 0, high, why: `none of ${samples.length} samples has a readable answer` };
  }
  const { id, least } = best;
  const why = [
    `${least.votes} of ${samples.length} samples agree on ${least.name === "" ? "the answer" : `the field ${quoteValue(least.name)}`}, the least sure of ${voted.length}`,
    remaining > 0 && `${remaining} to come`,
    unknown > 0 && `${unknown} ${unknown === 1 ? "value" : "values"} unknown since comparing took too long`,
  ]
    .filter(Boolean)
    .join(", ");
  const share = least.votes / planned;
  const isOpen = remaining > 0 || unknown > 0;
  return isOpen ? { low: 0, high, leader: id, why } : { low: share, high: share, winner: id, leader: id, why };
}

/** Sorts the samples by each field's value, one field after the other. */
async function vote(samples: readonly Sample[], same: Draw["same"]): Promise<Field[]> {
  const names = [...new Set(samples.flatMap(({ value }) => Object.keys(fieldsOf(value))))];
  const voted: Field[] = [];
  for (const name of names) {
    // In a list, so that a field that is left out differs from every value.
    const values = samples.map((sample) => {
      const all = fieldsOf(sample.value);
      return { ...sample, value: Object.hasOwn(all, name) ? [all[name]!] : [] };
    });
    const labels = await labelSamples(values, async (a, b) => {
      const [[one], [other]] = [a as Json[], b as Json[]];
      return one === undefined || other === undefined ? one === other : same(one, other);
    });
    const { counts, firsts } = createBallot(labels);
    const most = Math.max(...counts);
    const majority = labels[firsts[counts.indexOf(most)]!];
    voted.push({
      name,
      votes: labels.map((label) => (label === UNKNOWN ? 1 : labels.filter((other) => other === label).length)),
      agrees: labels.map((label) => label === majority),
      most,
      unknown: labels.filter((label) => label === UNKNOWN).length,
    });
  }
  return voted;
}

/** An object's fields; anything else is one field without a name. An empty object is a value as well. */
function fieldsOf(value: Json | undefined): Fields {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && Object.keys(value).length > 0 ? (value as Fields) : { "": value! };
}

function leaderOf(
  samples: readonly Sample[],
  voted: readonly Field[],
): { id: string; least: { name: string; votes: number } } | undefined {
  const ranked = samples.map(({ id }, i) => {
    const supports = voted.map(({ name, votes }) => ({ name, votes: votes[i]! }));
    const least = supports.reduce((fewest, next) => (next.votes < fewest.votes ? next : fewest));
    return { id, least, agreed: voted.filter(({ agrees }) => agrees[i]).length };
  });
  const [first, ...rest] = ranked;
  return rest.reduce((best, next) => {
    const more = next.agreed - best!.agreed || next.least.votes - best!.least.votes;
    return more > 0 ? next : best;
  }, first);
}
