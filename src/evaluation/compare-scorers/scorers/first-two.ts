import type { ComparedScorer } from "../types.js";

/** Whether the first two samples agree: the cheapest vote. Its answer is theirs. */
export const firstTwo: ComparedScorer = {
  name: "first two",
  about: "whether the first two samples agree",
  probability: false,
  votes: true,
  threshold: 1,
  score({ draws, labels }) {
    const answer = draws[labels[0]! >= 0 ? 0 : 1];
    const leader = answer?.value == null ? undefined : answer;
    return { score: Number(labels[0]! >= 0 && labels[0] === labels[1]), draws: Math.min(2, draws.length), leader };
  },
};
