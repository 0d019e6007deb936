import { gradeIn, type Draw } from "../draw.js";
import type { Outcome, StageOutcome } from "./types.js";

/**
 * How a method ended, by the rule of the graph: the last stage that ran answers with its leader; where it has none, the
 * latest earlier stage that has one does.
 *
 * @param leaders - the leading draw of each stage, in the order of `stages`.
 */
export function outcomeOf(
  stages: readonly StageOutcome[],
  leaders: readonly (Draw | undefined)[],
  waves: Outcome["waves"],
): Outcome {
  const final = stages.at(-1)!;
  const at = leaders.findLastIndex((leader) => leader !== undefined);
  const answered = stages[at];
  const someText = waves.some((wave) => wave.some(({ failed, calls }) => !failed && isSample(calls)));
  if (!answered) {
    const status = someText ? "unreadable" : "failed";
    return { value: null, right: someText ? false : null, status, ended: final.name, confidence: null, stages, waves };
  }
  const { name: ended, value, confidence } = answered;
  const fallback = ended === final.name ? {} : { fallbackFrom: final.name };
  return { value, ...gradeIn(answered), status: "answered", ended, confidence, ...fallback, stages, waves };
}

const isSample = (calls: Draw["calls"]): boolean => calls.some(({ purpose }) => purpose === "execute");
