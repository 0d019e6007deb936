import type { Recorded } from "../recorded.js";

/** A vote of which all planned draws are recorded. */
export interface WholeVote {
  problem: string;
  /** Id of the series. */
  series: string;
  /** Answer classes in index order, −1 where nothing was read. */
  labels: readonly number[];
}

/** Of the votes of a series that were begun, the share that must be whole: a stop cuts off those under way. */
const KEPT = 0.75;

/**
 * The votes of a recording: the samples of each series, for each goal they were shown. Planned is what the longest of a series
 * has; a vote that was ended early is left out, for nobody knows what the rest would have said. A series of which many were is
 * left out as a whole: those that nothing settled early are no fair sample of its votes.
 */
export function wholeVotes({ draws, views }: Pick<Recorded, "draws" | "views">): WholeVote[] {
  const viewOf = new Map(views.map((view) => [view.problem, view]));
  const groups = Map.groupBy(draws, ({ problem, series, given }) => JSON.stringify([problem, series, given]));
  const begun = Map.groupBy(groups.values(), ([first]) => first!.series);
  return [...begun].flatMap(([series, of]) => {
    const planned = Math.max(...of.map(({ length }) => length));
    const sorted = of.map((some) => some.toSorted((a, b) => a.index - b.index));
    const whole = sorted.filter((some) => some.length === planned && some.every(({ index }, i) => index === i));
    if (planned < 2 || whole.length < KEPT * of.length) return [];
    return whole.map((some): WholeVote => {
      const { problem } = some[0]!;
      return { problem, series, labels: viewOf.get(problem)!.labels(some) };
    });
  });
}
