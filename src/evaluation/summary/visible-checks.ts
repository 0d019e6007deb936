import type { Draw } from "../draw.js";
import type { Outcome } from "../methods/types.js";

/** Problems whose visible checks tell nothing: over all draws of all methods none passed them, or every one did. */
export interface VisibleChecks {
  /** Problems with a draw that was run on at least one check. */
  problems: number;
  /** Ids: no draw passed all of them. Too hard, or wrong checks. */
  nonePasses: string[];
  /** Ids: every draw passed all of them. Easy, or checks that pass on everything. */
  allPass: string[];
  /** Ids: nothing to run was shown, so no confidence was measured. */
  without: string[];
}

/** Looks at what was run; undefined where nothing was, in families that run nothing. */
export function visibleChecksOf(outcomes: ReadonlyMap<string, readonly Outcome[]>): VisibleChecks | undefined {
  const draws = [...outcomes.values()].flatMap((of) => of.flatMap(({ waves }) => waves.flat()));
  const byProblem = Map.groupBy(draws, ({ problem }) => problem);
  const told: VisibleChecks = { problems: 0, nonePasses: [], allPass: [], without: [] };
  for (const [problem, of] of byProblem) {
    // The same draw may stand in several methods, which changes neither "none" nor "all".
    const run = of.filter(hasRun);
    if (run.length === 0) {
      if (of.some(({ value }) => value !== null)) told.without.push(problem);
      continue;
    }
    told.problems += 1;
    if (!run.some(passes)) told.nonePasses.push(problem);
    if (run.every(passes)) told.allPass.push(problem);
  }
  return told.problems > 0 ? told : undefined;
}

/** How many draws each sandbox ran; undefined where no draw says. */
export function sandboxesOf(outcomes: ReadonlyMap<string, readonly Outcome[]>): Record<string, number> | undefined {
  const draws = new Set([...outcomes.values()].flatMap((of) => of.flatMap(({ waves }) => waves.flat())));
  const counts: Record<string, number> = {};
  for (const { sandbox } of draws) if (sandbox !== undefined) counts[sandbox] = (counts[sandbox] ?? 0) + 1;
  return Object.keys(counts).length > 0 ? counts : undefined;
}

const hasRun = ({ checks }: Draw): boolean => checks !== undefined && checks.total > 0;
const passes = ({ checks }: Draw): boolean => checks!.passed === checks!.total;
