import type { Decision } from "../scorers/decide.js";
import type { Stage } from "../state/stage.js";

/**
 * How a stage that was run has ended, as far as later stages and the answer depend on it. A run of the graph makes it of its
 * state, a replay of recorded draws.
 *
 * @typeParam Sample - what stands for a sample there
 */
export interface StageEnd<Sample> {
  /** The sample whose answer leads; undefined where nothing was readable. */
  leader: Sample | undefined;
  /** Least confidence of that answer, 0 … 1; null where no scorer looked at it. */
  confidence: number | null;
  accepted: boolean;
  flip?: Flip | undefined;
}

/** A guided stage came to another answer than an unguided one. */
export interface Flip {
  /** Position of the unguided stage. */
  before: number;
  /** The harm guard keeps the guided answer out, because it is less sure. */
  guarded: boolean;
}

/** Least confidence that a stage accepts. The last stage answers in any case: there it only has to be settled who leads. */
export function thresholdOf(stages: readonly Stage[], at: number): number {
  return at === stages.length - 1 ? 0 : stages[at]!.accept!.threshold;
}

/** Whether a proposal would let the stage's leading answer stand. Only then is that answer held against an unguided one. */
export function answers(proposal: Decision, isLast: boolean): boolean {
  return proposal === "accept" || (isLast && proposal !== "sample");
}

/**
 * Position of the stage whose answer a guided one is held against: the latest before it that works without a guideline, with
 * the same model and the same scorer, so that both confidences are on one scale. Undefined where there is none.
 *
 * @param ends - of the stages before, by position; undefined for one that was not run
 */
export function unguidedBefore(
  stages: readonly Stage[],
  at: number,
  ends: readonly (StageEnd<unknown> | undefined)[],
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
        ends[i]?.leader !== undefined,
    );
  return before < 0 ? undefined : before;
}

/** What a stage's decision depends on after a wave. */
export interface StageStanding {
  /** What `decide` says of the confidence alone. */
  proposal: Decision;
  isLast: boolean;
  /** Least confidence, 0 … 1. */
  low: number;
  /** Samples drawn. */
  drawn: number;
  /** Samples of the stage in all. */
  planned: number;
  /** The unguided stage that gave another answer: its position and its least confidence. Absent where none did, or nobody could tell. */
  rival?: { at: number; confidence: number } | undefined;
  /** The harm guard is on. */
  harmGuard: boolean;
}

/** What a stage does after a wave. `rest`: it draws all that remain at once, whatever its wave policy says. */
export type StageDecision =
  | { decision: "sample"; rest: boolean; flip?: undefined }
  | { decision: "accept" | "escalate" | "last"; flip?: Flip | undefined };

/**
 * Decides what a stage does after a wave. With the harm guard a guided answer must be as sure as the unguided one it replaces,
 * or the guideline may have talked the model out of a right answer. While samples are left, all of them are drawn first, so
 * that a wave policy that stops early says nothing of it. Then the stage hands over; a last stage leaves the unguided answer
 * standing.
 */
export function decideStage({ proposal, isLast, low, drawn, planned, rival, harmGuard }: StageStanding): StageDecision {
  const isLessSure = harmGuard && rival !== undefined && low < rival.confidence;
  const rest = isLessSure && drawn < planned;
  if (proposal === "sample" || rest) return { decision: "sample", rest };
  const decision = isLast ? "last" : isLessSure ? "escalate" : proposal;
  return rival ? { decision, flip: { before: rival.at, guarded: isLessSure } } : { decision };
}
