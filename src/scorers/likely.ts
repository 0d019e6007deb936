import { decide } from "./decide.js";
import { missingDraws, neededVotes, tally } from "./tally.js";
import type { Chances, Missing, StopRule } from "./types.js";

/** What is drawn of a vote. */
export interface Standing {
  /** Votes of each answer class in order of first appearance; 0 stands for a sample that is unknown. */
  counts: readonly number[];
  /** Samples drawn, unreadable and unknown ones included. */
  drawn: number;
  /** n. */
  planned: number;
}

/** Most draws to come that are reckoned with; with more to come nothing is called likely. */
export const MOST_REMAINING = 32;

/**
 * Prior draws, one in all: half a draw of an answer not seen yet, half a draw that cannot be read. Weak on purpose, as
 * Perks's prior (1947), whose weights also add up to one draw however many answers there can be.
 */
export const PRIOR = { unseen: 0.5, unreadable: 0.5 } as const;

/**
 * The posterior chance of how a vote ends once all is drawn.
 *
 * Draws follow Pólya's urn with colours yet unseen (Hoppe 1984): the next one repeats an answer with weight its votes,
 * cannot be read with weight its unreadable draws + 0.5, and opens a new answer with weight 0.5. The chances are exact, by
 * generating functions: a class of weight a that gains x of r draws contributes a(a+1)…(a+x-1)/x! to the coefficient of
 * z^x, all new answers together exp(0.5 · Σ z^j / j), and a limit on votes cuts a series off.
 *
 * @param needed - least votes that the stage accepts, at least 1
 * @returns both 0 where more than `MOST_REMAINING` draws are to come, or a sample is unknown: it stays so, and how likely a
 *   class is for it nobody can say
 */
export function chancesOf({ counts, drawn, planned }: Standing, needed: number): Chances {
  const remaining = planned - drawn;
  if (remaining > MOST_REMAINING || counts.includes(0)) return { accept: 0, escalate: 0 };
  const votes = counts.reduce((a, b) => a + b, 0);
  const unreadable = drawn - votes + PRIOR.unreadable;
  const total = drawn + PRIOR.unseen + PRIOR.unreadable;
  const all = gains(total, remaining, remaining)[remaining]!;
  const free = gains(unreadable, remaining, remaining);

  /** Weight of all ways in which `draws` of the remaining fall outside of one class, each class within its limit. */
  const others = (without: number, draws: number, most: (position: number) => number, fresh: number): number => {
    let ways = times(free, newAnswers(fresh, remaining), draws);
    for (const [position, count] of counts.entries()) {
      if (position === without) continue;
      const room = most(position) - count;
      if (room < 0) return 0;
      ways = times(ways, gains(count, room, remaining), draws);
    }
    return ways[draws]!;
  };

  const escalate = Math.min(1, others(-1, remaining, () => needed - 1, needed - 1) / all);
  // Of equals the class seen first leads.
  const leader = counts.indexOf(Math.max(...counts));
  if (leader < 0) return { accept: 0, escalate };
  const own = gains(counts[leader]!, remaining, remaining);
  let accept = 0;
  for (let gain = Math.max(0, needed - counts[leader]!); gain <= remaining; gain += 1) {
    const end = counts[leader]! + gain;
    // A class seen before the leader wins a tie with it.
    accept += own[gain]! * others(leader, remaining - gain, (position) => (position < leader ? end - 1 : end), end);
  }
  return { accept: Math.min(1, accept / all), escalate };
}

/**
 * Least further draws after which the vote could be likely enough, when all go to the leader, or none can be read. Never
 * more than the exact rule asks for.
 */
export function likelyMissing(standing: Standing, threshold: number, { chance }: StopRule): Missing {
  const { counts, drawn, planned } = standing;
  const exact = missingDraws(tally(counts, drawn, planned), threshold);
  if (counts.includes(0)) return exact;
  const needed = neededVotes(planned, threshold);
  const leader = counts.indexOf(Math.max(...counts));
  const first = (most: number, decision: "accept" | "escalate", votes: (draws: number) => readonly number[]) => {
    for (let draws = 0; draws < Math.min(most, planned - drawn); draws += 1) {
      const then = { counts: votes(draws), drawn: drawn + draws, planned };
      const likely = { ...chancesOf(then, needed), chance };
      if (decide(tally(then.counts, then.drawn, planned), { threshold, ...then, likely }) === decision) return draws;
    }
    return most;
  };
  return {
    toAccept: first(exact.toAccept, "accept", (draws) =>
      leader < 0 ? (draws === 0 ? [] : [draws]) : counts.with(leader, counts[leader]! + draws),
    ),
    toEscalate: first(exact.toEscalate, "escalate", () => counts),
  };
}

/** Series of a class: the weight of gaining 0, 1, … draws, at most `most`. */
function gains(weight: number, most: number, degree: number): number[] {
  const series = [1];
  for (let x = 1; x <= degree; x += 1) series.push(x > most ? 0 : (series[x - 1]! * (weight + x - 1)) / x);
  return series;
}

/** Series of all answers not seen yet, none of which gains more than `most`: exp(a · Σ z^j / j). */
function newAnswers(most: number, degree: number): number[] {
  const series = [1];
  for (let x = 1; x <= degree; x += 1) {
    let sum = 0;
    for (let j = 1; j <= Math.min(x, most); j += 1) sum += series[x - j]!;
    series.push((PRIOR.unseen * sum) / x);
  }
  return series;
}

function times(a: readonly number[], b: readonly number[], degree: number): number[] {
  const product: number[] = [];
  for (let x = 0; x <= degree; x += 1) {
    let sum = 0;
    for (let i = 0; i <= x; i += 1) sum += a[i]! * b[x - i]!;
    product.push(sum);
  }
  return product;
}
