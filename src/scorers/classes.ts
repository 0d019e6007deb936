import type { Sample } from "../state/sample.js";
import type { Same } from "./types.js";

/** Label of a sample in no class: it failed, or nothing could be read. */
export const UNREADABLE = -1;
/** Label of a sample whose class hangs on a comparison that could not be finished. */
export const UNKNOWN = -2;

/** Whether two values are the same; undefined where nobody could tell. */
type Verdict = boolean | undefined;

/**
 * Sorts values into answer classes, in order of first appearance. A value joins the first class whose *first member* it
 * equals, else it opens a class. Because nothing later is looked at, more values never move an earlier one, even where
 * equality is not transitive (0.33 = 1/3 and 1/3 = 0.3333 say nothing of 0.33 and 0.3333). Early stop rests on that.
 *
 * A value that may be the same as a first member, and nobody could tell, is `UNKNOWN`. It may have opened a class of its own, so
 * a later value that is not surely different from it is `UNKNOWN`, too. Whatever the truth is of what nobody could tell, all other values
 * have their label.
 *
 * Yields each pair to compare, the earlier value first, and is sent the verdict.
 *
 * @param values - in index order; undefined for what could not be read
 * @returns the label of each: the position of its class, `UNREADABLE` or `UNKNOWN`
 */
function* sorting<T>(values: readonly (T | undefined)[]): Generator<[T, T], number[], Verdict> {
  // First members, and values that may be one.
  const firsts: { value: T; label: number }[] = [];
  let classes = 0;
  const labels: number[] = [];
  for (const value of values) {
    let label: number | undefined = value === undefined ? UNREADABLE : undefined;
    for (let i = 0; label === undefined && i < firsts.length; i++) {
      const verdict = yield [firsts[i]!.value, value!];
      if (verdict === undefined) label = UNKNOWN;
      else if (verdict) label = firsts[i]!.label;
    }
    const opens = label === undefined;
    label ??= classes++;
    labels.push(label);
    if (opens || label === UNKNOWN) firsts.push({ value: value!, label });
  }
  return labels;
}

/** The label of each value, by verdicts that are there at once; see `sorting`. */
export function labelValues<T>(values: readonly (T | undefined)[], same: (a: T, b: T) => Verdict): number[] {
  const steps = sorting(values);
  let step = steps.next();
  while (!step.done) step = steps.next(same(...step.value));
  return step.value;
}

/**
 * The label of each sample, by equality of what was read from it; see `sorting`. Comparisons are made one after the other,
 * since the first match ends the search and one may cost a worker a second.
 *
 * Two equal strings are put to `same` once: its answer for the same pair is remembered within the call. For a `same` that
 * is a function of its arguments this cannot change a class, not even where it is not reflexive.
 *
 * @param samples - in index order
 * @param same - asked as `same(first member, sample)`; what it throws is passed on
 */
export async function labelSamples(samples: readonly Pick<Sample, "value">[], same: Same): Promise<number[]> {
  const asked = rememberStrings(same);
  const steps = sorting(samples.map(({ value }) => value));
  let step = steps.next();
  while (!step.done) step = steps.next(await asked(...step.value));
  return step.value;
}

/** `same`, asked once for each pair of strings. Other values are few and cheap to compare: they are always asked. */
function rememberStrings(same: Same): Same {
  const known = new Map<string, Map<string, Verdict>>();
  return async (a, b) => {
    if (typeof a !== "string" || typeof b !== "string") return same(a, b);
    const row = known.get(a) ?? new Map<string, Verdict>();
    known.set(a, row);
    if (!row.has(b)) row.set(b, await same(a, b));
    return row.get(b);
  };
}

/** Votes as labels come in. */
export interface Ballot {
  /** As `tally` counts them: votes of each class, and 0 for each sample that is unknown, in order of first appearance. */
  counts: number[];
  /** Index of the first sample of each of these. */
  firsts: number[];
  /** Samples counted. */
  drawn: number;
  /** Counts the next sample. */
  add(label: number): void;
}

/** An empty ballot, and what stands in `labels` so far. */
export function createBallot(labels: readonly number[] = []): Ballot {
  const places = new Map<number, number>();
  const ballot: Ballot = {
    counts: [],
    firsts: [],
    drawn: 0,
    add(label) {
      if (label === UNKNOWN || (label >= 0 && !places.has(label))) {
        places.set(label, ballot.counts.push(0) - 1);
        ballot.firsts.push(ballot.drawn);
      }
      if (label >= 0) ballot.counts[places.get(label)!]! += 1;
      ballot.drawn += 1;
    },
  };
  labels.forEach(ballot.add);
  return ballot;
}
