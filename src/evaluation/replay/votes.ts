import type { Recorded } from "../recorded.js";

/** A vote of which all planned draws are recorded. */
export interface WholeVote {
  problem: string;
  /** Id of the series. */
  series: string;
  /** Answer classes in index order, −1 where nothing was read. */
  labels: readonly number[];
}

/**
 * The votes of a recording: the samples of each series, for each goal they were shown. Planned is what the longest of a series
 * has; a vote that was ended early is left out, for nobody knows what the rest would have said.
 */
export function wholeVotes({ draws, views }: Pick<Recorded, "draws" | "views">): WholeVote[] {
  const viewOf = new Map(views.map((view) => [view.problem, view]));
  const groups = Map.groupBy(draws, ({ problem, series, given }) => JSON.stringify([problem, series, given]));
  const votes = [...groups.values()].flatMap((of): WholeVote[] => {
    const sorted = of.toSorted((a, b) => a.index - b.index);
    const { problem, series } = sorted[0]!;
    const gapless = sorted.every(({ index }, i) => index === i);
    return gapless && sorted.length > 1 ? [{ problem, series, labels: viewOf.get(problem)!.labels(sorted) }] : [];
  });
  const planned = new Map<string, number>();
  for (const { series, labels } of votes) planned.set(series, Math.max(labels.length, planned.get(series) ?? 0));
  return votes.filter(({ series, labels }) => labels.length === planned.get(series));
}
