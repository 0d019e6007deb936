import type { Stage } from "../state/stage.js";

/**
 * Position of the stage whose answer a guided one is held against: the latest before it that works without a guideline, with
 * the same model and the same scorer, so that both confidences are on one scale. Undefined for a stage that sees none.
 *
 * @param answers - by position, whether the stage has a leading answer
 */
export function unguidedBefore(
  stages: readonly Stage[],
  at: number,
  answers: (position: number) => boolean,
): number | undefined {
  const guided = stages[at]!;
  if (!guided.sees.includes("guideline")) return undefined;
  const before = stages
    .slice(0, at)
    .findLastIndex(
      ({ sees, execute, accept }, i) =>
        !sees.includes("guideline") &&
        execute.by === guided.execute.by &&
        accept?.scorer === guided.accept?.scorer &&
        answers(i),
    );
  return before < 0 ? undefined : before;
}

/** A guided stage that is about to answer otherwise than an unguided one did. */
export interface OtherAnswer {
  /** Least confidence of the unguided answer. */
  before: number;
  /** Least confidence of the guided answer. */
  now: number;
  /** Samples of the guided stage. */
  drawn: number;
  planned: number;
}

/**
 * The harm guard: a guided answer must be as sure as the unguided one it replaces, or the guideline may have talked the model
 * out of a right answer.
 *
 * - `pass`: it is;
 * - `sample`: it is not yet, and there are samples to draw. All of them are, so that a wave policy that stops early says
 *   nothing of it;
 * - `harm`: it is not. The next stage decides; where there is none, the unguided answer stays.
 */
export function harmGuard({ before, now, drawn, planned }: OtherAnswer): "pass" | "sample" | "harm" {
  if (now >= before) return "pass";
  return drawn < planned ? "sample" : "harm";
}
