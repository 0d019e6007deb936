import type { Reply } from "../models/types.js";

/**
 * By how much the likeliest token led the second, as a difference of natural-log probabilities, mean over the places where
 * two are told. Undefined where there is no such place.
 */
export function meanMargin(places: Reply["topLogprobs"]): number | undefined {
  const margins = (places ?? []).flatMap((told) => {
    const [first, second] = told.map(({ logprob }) => logprob).toSorted((a, b) => b - a);
    return second !== undefined && Number.isFinite(first! - second) ? [first! - second] : [];
  });
  return margins.length === 0 ? undefined : margins.reduce((a, b) => a + b, 0) / margins.length;
}
