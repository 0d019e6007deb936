import type { ComparedScorer } from "../types.js";

/**
 * The share by Laplace's rule of succession, (votes + 1) / (samples + 2): the mean of the posterior over the leader's share
 * under a uniform prior. Orders problems as the share does.
 */
export const smoothed = (threshold: number): ComparedScorer => ({
  name: "smoothed",
  about: "Laplace-smoothed share, (votes + 1) / (samples + 2)",
  probability: true,
  votes: true,
  threshold,
  score: ({ counts, draws }) => ({ score: (Math.max(0, ...counts) + 1) / (draws.length + 2), draws: draws.length }),
});
