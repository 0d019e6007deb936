/**
 * Confidence that is enough, by scorer and stage of the named lists. Provisional: round numbers at which about half of a small
 * model's answers pass. `cope calibrate` finds those for one's own data; docs/results.md tells what the embedded model's were
 * measured to be.
 */
export const CHAT_THRESHOLDS = {
  perplexity: { solo: 0.8, small: 0.8, guided: 0.8 },
  agreement: { solo: 0.9, small: 0.9, guided: 0.9 },
} as const;
