import type { FailedCheck, PlanRequest } from "../families/types.js";
import { SHOWN_FAILURES, type Checks } from "../state/checks.js";
import { SHOWN_VOTES } from "./limits.js";

/** What a guideline in the style `critique` is shown of the stage before. */
export type Critique = Pick<PlanRequest, "votes" | "failures">;

/** What a critique is made from: `value` as the family prints it, null where nothing was read. */
interface Critic {
  value: string | null;
  checks?: Checks | undefined;
}

/**
 * What the samples of a stage got wrong: the checks that failed where they were run, else how their answers split.
 *
 * @param labels - for each sample the position of its answer class in order of appearance, negative for none.
 */
export function critiqueOf(samples: readonly Critic[], labels: readonly number[]): Critique {
  const run = samples.flatMap(({ checks }) => checks ?? []);
  if (run.length > 0) {
    const failures = failedChecks(run);
    return failures.length > 0 ? { failures } : {};
  }
  const votes = splitVotes(samples, labels);
  return votes.length > 0 ? { votes } : {};
}

/** Most often failed first, of equals the one seen first; how: as the first sample that failed it did. */
function failedChecks(run: readonly Checks[]): FailedCheck[] {
  const byTest = new Map<string, FailedCheck>();
  for (const { failures } of run) {
    for (const { test, why } of failures) {
      const known = byTest.get(test);
      if (known) known.samples += 1;
      else byTest.set(test, { test: cut(test), why: cut(why), samples: 1 });
    }
  }
  return [...byTest.values()].toSorted((a, b) => b.samples - a.samples).slice(0, SHOWN_FAILURES.count);
}

const cut = (text: string) => text.slice(0, SHOWN_FAILURES.length);

/** Most frequent answer first, of equals the one seen first. */
function splitVotes(samples: readonly Critic[], labels: readonly number[]): NonNullable<PlanRequest["votes"]> {
  const classes: { answer: string; votes: number }[] = [];
  labels.forEach((label, i) => {
    if (label < 0) return;
    classes[label] ??= { answer: samples[i]!.value!.slice(0, SHOWN_VOTES.length), votes: 0 };
    classes[label].votes += 1;
  });
  return classes.toSorted((a, b) => b.votes - a.votes).slice(0, SHOWN_VOTES.answers);
}
