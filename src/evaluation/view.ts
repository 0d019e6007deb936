import { labelValues } from "../scorers/classes.js";
import type { Draw } from "./draw.js";
import { placeOf } from "./draw.js";
import type { Equality } from "./equality.js";
import { givenKey, type Given, type Series } from "./series.js";

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
