import type { Confidence } from "./types.js";

/** What a stage that may accept does next: take the answer, draw more samples, or hand over to the next stage. */
export type Decision = "accept" | "sample" | "escalate";

/** What the stage knows and the scorer does not. */
export interface DecideOptions {
  /** Least confidence to accept, 0 … 1. Reaching it is enough. */
  threshold: number;
  /** Samples drawn so far, failed and unreadable ones included. */
  drawn: number;
  /** Samples the stage will have when all are drawn. */
  planned: number;
  /** How all planned draws would decide, as chances, and the chance of deciding otherwise that the stage puts up with. */
  likely?: { accept: number; escalate: number; chance: number };
}

/**
 * Holds confidence against the stage's threshold. It accepts or escalates only where every completion of the draws would
 * do the same with the same answer, given an interval and a winner that keep their promise (see `Confidence`).
 *
 * With `likely` it also decides where all draws would decide otherwise with less than the given chance: then the answer is
 * the leader's, and there may be no winner.
 *
 * Fails closed: without a winner nothing is accepted, also at threshold 0, and a confidence that is not a number escalates
 * once all samples are drawn.
 */
export function decide(
  confidence: Pick<Confidence, "low" | "high"> & { winner?: unknown; leader?: unknown },
  { threshold, drawn, planned, likely }: DecideOptions,
): Decision {
  // `low` alone is not enough: another answer may yet tie with or pass the leader (docs/early-stop.md).
  if (confidence.winner !== undefined && confidence.low >= threshold) return "accept";
  if (confidence.high < threshold || drawn >= planned) return "escalate";
  if (likely && confidence.leader !== undefined && 1 - likely.accept < likely.chance) return "accept";
  if (likely && 1 - likely.escalate < likely.chance) return "escalate";
  return "sample";
}
