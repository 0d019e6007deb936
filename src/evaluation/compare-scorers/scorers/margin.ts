import type { ComparedScorer } from "../types.js";

/** Votes of the first answer less those of the second, as a share of the samples. */
export const margin: ComparedScorer = {
  name: "margin",
  about: "votes of the first answer less those of the second, as a share",
  probability: false,
  votes: true,
  threshold: 0.5,
  score({ counts, draws }) {
    const [first = 0, second = 0] = counts.toSorted((a, b) => b - a);
    return { score: (first - second) / draws.length, draws: draws.length };
  },
};
