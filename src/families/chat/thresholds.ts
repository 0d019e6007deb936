/**
 * Confidence that is enough, by scorer and stage of the named lists. Perplexity: on 40 turns of MT-Bench the best of 4 samples of
 * the embedded 0.5B reached 0.7 in 25 (docs/results.md); nobody graded those, so it says how much is kept small and not how good
 * that is. Agreement: a round number, not measured. `cope calibrate` finds thresholds for data with grades.
 */
export const CHAT_THRESHOLDS = {
  perplexity: { solo: 0.7, small: 0.7, guided: 0.7 },
  agreement: { solo: 0.9, small: 0.9, guided: 0.9 },
} as const;
