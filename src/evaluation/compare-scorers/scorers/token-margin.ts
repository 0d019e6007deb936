import type { ComparedScorer } from "../types.js";

/** By how much the likeliest token led the second, in log-probability, mean over tokens and samples. */
export const tokenMargin: ComparedScorer = {
  name: "token margin",
  about: "by how much the likeliest token led the second, mean log-probability",
  probability: false,
  threshold: "as base",
  reads: "the second likeliest tokens (cope eval --logprobs records them)",
  score({ draws }) {
    const known = draws.filter(({ failed }) => !failed).map(({ meanMargin }) => meanMargin);
    if (known.length === 0 || known.some((margin) => margin === undefined)) return undefined;
    return { score: known.reduce<number>((sum, margin) => sum + margin!, 0) / known.length, draws: draws.length };
  },
};
