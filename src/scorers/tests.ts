import type { Sample } from "../state/sample.js";
import { checkedStanding, missingChecked, shareOf } from "./checked.js";
import type { Confidence, Draw, Missing } from "./types.js";

/**
 * Pass-based confidence (arXiv 2506.11578, code): 1 if a sample passed all the tests that its task shows, else 0. The first
 * such sample by index wins; the paper takes one at random. The share of tests passed orders leaders and stands in `why`, and
 * is never held against a threshold. Where a task has no tests, confidence is 0 after the first readable sample.
 *
 * @throws CopeError `OPTIONS_INVALID` when there are more samples than planned.
 */
function firstToPass(samples: readonly Sample[], { planned }: Pick<Draw, "planned">): Confidence {
  const { low, high, leader, winner, untested } = checkedStanding(samples.map(shareOf), planned);
  const best = leader === undefined ? undefined : samples[leader]!;
  const why = explain(samples, planned, untested, best);
  if (best === undefined) return { low, high, why };
  return { low, high, ...(winner === undefined ? {} : { winner: best.id }), leader: best.id, why };
}

/** Draws of the next wave: the first sample alone, then three, then the rest; see `missingChecked`. */
function missing(samples: readonly Sample[], { planned, threshold }: Draw & { threshold: number }): Missing {
  const standing = checkedStanding(samples.map(shareOf), planned);
  return missingChecked(standing, { drawn: samples.length, planned, threshold });
}

/** The tests scorer: a sample that passes all visible tests is accepted, and nothing else is. */
export const tests = Object.assign(firstToPass, {
  /** Draws of the next wave. */
  missing,
});

/** The evidence: `no sample passes; best is sample 1 with 2 of 3, 1 unreadable`. Samples are numbered from 0, as by index. */
function explain(samples: readonly Sample[], planned: number, untested: boolean, best: Sample | undefined): string {
  const failed = samples.filter((sample) => sample.failed !== undefined).length;
  const unreadable = samples.filter((sample) => sample.value === undefined).length - failed;
  const remaining = planned - samples.length;
  return [
    said(untested, best),
    best?.checks?.weak && best.checks.passed === best.checks.total && `${best.checks.weak} of them weak`,
    remaining > 0 && `${remaining} to come`,
    unreadable > 0 && `${unreadable} unreadable`,
    failed > 0 && `${failed} failed`,
  ]
    .filter(Boolean)
    .join(", ");
}

function said(untested: boolean, best: Sample | undefined): string {
  if (untested) return "there are no tests to run";
  if (best === undefined) return "no sample has a readable program";
  const { passed, total } = best.checks!;
  if (passed === total) return `sample ${best.index} passes ${total === 1 ? "the test" : `all ${total} tests`}`;
  const most = passed === 0 ? "none passes a test" : `best is sample ${best.index} with ${passed} of ${total}`;
  return `no sample passes; ${most}`;
}
