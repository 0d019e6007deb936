import type { ComparedScorer } from "../types.js";

/** Votes of the leading answer / samples: what stages decide by (arXiv 2506.11578; self-consistency, arXiv 2203.11171). */
export const voteShare = (threshold: number): ComparedScorer => ({
  name: "vote",
  about: "share of the samples that give the leading answer",
  probability: true,
  votes: true,
  threshold,
  score: ({ counts, draws }) => ({ score: Math.max(0, ...counts) / draws.length, draws: draws.length }),
});
