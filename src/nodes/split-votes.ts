import type { PlanRequest } from "../families/types.js";
import { SHOWN_VOTES } from "./limits.js";

/**
 * How samples split, as a guideline in the style `critique` is shown it: most frequent answer first, of equals the one
 * seen first.
 *
 * @param samples - `value` as the family prints it; null where nothing was read.
 * @param labels - for each sample the position of its answer class in order of appearance, negative for none.
 */
export function splitVotes(
  samples: readonly { value: string | null }[],
  labels: readonly number[],
): NonNullable<PlanRequest["votes"]> {
  const classes: { answer: string; votes: number }[] = [];
  labels.forEach((label, i) => {
    if (label < 0) return;
    classes[label] ??= { answer: samples[i]!.value!.slice(0, SHOWN_VOTES.length), votes: 0 };
    classes[label].votes += 1;
  });
  return classes.toSorted((a, b) => b.votes - a.votes).slice(0, SHOWN_VOTES.answers);
}
