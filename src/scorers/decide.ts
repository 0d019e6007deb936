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
}

/**
 * Holds confidence against the stage's threshold. It accepts or escalates only where every completion of the draws would
 * do the same with the same answer, given an interval and a winner that keep their promise (see `Confidence`).
 *
 * Fails closed: without a winner nothing is accepted, also at threshold 0, and a confidence that is not a number escalates
 * once all samples are drawn.
 */
export function decide(
  confidence: Pick<Confidence, "low" | "high"> & { winner?: unknown },
  { threshold, drawn, planned }: DecideOptions,
): Decision {
  // `low` alone is not enough: another answer may yet tie with or pass the leader (docs/early-stop.md).
  if (confidence.winner !== undefined && confidence.low >= threshold) return "accept";
  if (confidence.high < threshold || drawn >= planned) return "escalate";
  return "sample";
}
