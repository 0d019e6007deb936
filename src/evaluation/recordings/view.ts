import { labelValues } from "../../scorers/classes.js";
import { keepUnknown } from "../../scorers/keep-unknown.js";
import type { Same } from "../../scorers/types.js";
import type { UnknownPair } from "../../state/sample.js";
import { type Draw, placeOf } from "./draw.js";
import { type Given, givenKey, type Series } from "./series.js";

/** The draws of one problem as a method reads them: all there are, or only those that were asked for so far. */
export interface View {
  problem: string;
  /** The draw at a place; undefined where nothing is recorded. */
  find(series: Series, given: Given, index: number): Draw | undefined;
  /** The draws of a series in index order from 0, up to the first that is missing, at most `count`. */
  prefix(series: Series, given: Given, count: number): readonly Draw[];
  /**
   * For each draw the position of its answer class, `UNREADABLE` or `UNKNOWN`. Classes form in the order given, each by
   * equality with its first member, as in a run of the graph.
   */
  labels(draws: readonly Draw[]): readonly number[];
}

/** A view of a problem's draws. `learn` of the equality must have seen all their values. */
export function createView(problem: string, draws: Iterable<Draw>, equality: Pick<Equality, "same">): View {
  const byPlace = new Map<string, Draw>();
  for (const draw of draws) byPlace.set(placeOf(draw.series, draw.given, draw.index), draw);
  // A grid reads the same prefixes a thousand times.
  const prefixes = new Map<string, readonly Draw[]>();
  const labelled = new WeakMap<readonly Draw[], readonly number[]>();

  const view: View = {
    problem,
    find: (series, given, index) => byPlace.get(placeOf(series.id, givenKey(given), index)),
    prefix(series, given, count) {
      const key = placeOf(series.id, givenKey(given), count);
      const known = prefixes.get(key);
      if (known) return known;
      const found: Draw[] = [];
      for (let index = 0; index < count; index += 1) {
        const draw = view.find(series, given, index);
        if (!draw) break;
        found.push(draw);
      }
      prefixes.set(key, found);
      return found;
    },
    labels(of) {
      const known = labelled.get(of);
      if (known) return known;
      const labels = labelValues(
        of.map(({ value }) => value ?? undefined),
        equality.same,
      );
      labelled.set(of, labels);
      return labels;
    },
  };
  return view;
}

/** When two values of one problem are the same answer, looked up instead of computed: what decisions can afford. */
export interface Equality {
  /** Compares all pairs that are not known yet. To be awaited before values are looked up. */
  learn(values: readonly string[]): Promise<void>;
  /**
   * Undefined where nobody could tell.
   * @throws Error where the two were not learned together
   */
  same(a: string, b: string): boolean | undefined;
  /** Pairs that came to be unknown while learning, without those that were so before. */
  readonly unknown: readonly UnknownPair[];
}

/**
 * An equality over the values of one problem. `same` is asked as `same(earlier, later)`, in the order of learning.
 *
 * @param kept - pairs that were unknown when the problem was recorded, and so stay it
 */
export function createEquality(same: Same, kept: readonly UnknownPair[] = []): Equality {
  const values: string[] = [];
  const known = new Set<string>();
  const verdicts = new Map<string, true | undefined>();
  const pair = (a: string, b: string) => JSON.stringify([a, b]);
  const asked = keepUnknown(same, kept);
  return {
    unknown: asked.found,
    async learn(more) {
      for (const value of more) {
        if (known.has(value)) continue;
        for (const before of values) {
          // Both ways, since an equality of one's own need not be symmetric.
          for (const [a, b] of [
            [before, value],
            [value, before],
          ] as const) {
            const verdict = await asked.same(a, b);
            if (verdict !== false) verdicts.set(pair(a, b), verdict);
          }
        }
        values.push(value);
        known.add(value);
      }
    },
    same(a, b) {
      if (!known.has(a) || !known.has(b)) throw new Error(`not compared: ${a} and ${b}`);
      if (a === b) return true;
      return verdicts.has(pair(a, b)) ? verdicts.get(pair(a, b)) : false;
    },
  };
}
