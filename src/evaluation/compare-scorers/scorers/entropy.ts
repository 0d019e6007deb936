import type { ComparedScorer } from "../types.js";

/**
 * 1 − entropy of the votes over its largest possible value, log n (semantic entropy in its discrete form, arXiv 2302.09664).
 * Each sample without a readable answer counts as an answer of its own.
 */
export const entropy: ComparedScorer = {
  name: "entropy",
  about: "1 − entropy of the votes, normalised",
  probability: false,
  votes: true,
  threshold: 0.5,
  score({ counts, draws }) {
    const n = draws.length;
    const unreadable = n - counts.reduce((a, b) => a + b, 0);
    const shares = [...counts, ...Array.from({ length: unreadable }, () => 1)].map((votes) => votes / n);
    const bits = shares.reduce((sum, share) => sum - share * Math.log(share), 0);
    return { score: n === 1 ? 1 - unreadable : 1 - bits / Math.log(n), draws: n };
  },
};
