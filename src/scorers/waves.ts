import type { WavePolicy } from "../state/wave.js";
import type { Missing } from "./types.js";

export { WavePolicy } from "../state/wave.js";

/** Most waves of a stage: the last takes what remains, so that waiting is bounded. */
export const MAX_WAVES = 3;

/** Where a stage stands between two waves. */
export interface WaveRequest {
  policy: WavePolicy;
  /** Waves already drawn. */
  waves: number;
  /** Samples already drawn. */
  drawn: number;
  /** Samples the stage will have when all are drawn. */
  planned: number;
  /** What the scorer says is missing; absent where it cannot tell, and then everything is drawn at once. */
  missing?: Missing;
}

/**
 * Size of the next wave: 1 … planned - drawn, and 0 only when nothing is left to draw.
 *
 * Ask only while `decide` says `sample`: a wave is never empty, so that a stage always gets on.
 */
export function nextWave({ policy, waves, drawn, planned, missing }: WaveRequest): number {
  const remaining = Math.max(0, planned - drawn);
  if (policy === "all" || missing === undefined || waves >= MAX_WAVES - 1) return remaining;
  const wanted = policy === "fewest" ? Math.min(missing.toAccept, missing.toEscalate) : missing.toAccept;
  // `wanted` is Infinity where that decision is out of reach.
  return Math.min(remaining, Math.max(1, wanted));
}
