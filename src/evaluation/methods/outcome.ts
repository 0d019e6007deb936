import { standingAnswer } from "../../cascade/answer.js";
import type { StageEnd } from "../../cascade/decision.js";
import { gradeIn, type Draw } from "../recordings/draw.js";
import type { Outcome, StageOutcome } from "./types.js";

/** How a stage has ended, as the cascade's rules read it. */
export const endOf = ({ confidence, decision, flip }: StageOutcome, leader: Draw | undefined): StageEnd<Draw> => ({
  leader,
  confidence,
  accepted: decision === "accept",
  flip,
});

/**
 * How a method ended: with the answer that stands by the cascade's rule.
 *
 * @param ends - of the stages, in the order of `stages`
 */
export function outcomeOf(
  stages: readonly StageOutcome[],
  ends: readonly StageEnd<Draw>[],
  waves: Outcome["waves"],
): Outcome {
  const final = stages.at(-1)!.name;
  const standing = standingAnswer(ends);
  if (!standing) {
    const someText = waves.some((wave) => wave.some(({ failed, calls }) => !failed && isSample(calls)));
    const status = someText ? "unreadable" : "failed";
    return { value: null, right: someText ? false : null, status, ended: final, confidence: null, stages, waves };
  }
  const answered = stages[standing.at]!;
  const { name: ended, value, confidence } = answered;
  const fallback = standing.isFallback ? { fallbackFrom: final } : {};
  return { value, ...gradeIn(answered), status: "answered", ended, confidence, ...fallback, stages, waves };
}

const isSample = (calls: Draw["calls"]): boolean => calls.some(({ purpose }) => purpose === "execute");
