import { perplexityScores } from "../../../scorers/perplexity.js";
import { highest } from "../../../scorers/run-scored.js";
import type { ComparedScorer } from "../types.js";

/**
 * The graph's scorer of that name: the sample with the lowest perplexity, its reciprocal for a confidence (arXiv 2506.11578,
 * open-ended tasks). Its answer is that sample's.
 */
export const perplexity = (threshold: ComparedScorer["threshold"]): ComparedScorer => ({
  name: "perplexity",
  about: "reciprocal of the lowest perplexity of a sample, whose answer it is",
  probability: false,
  threshold,
  reads: "log-probabilities (cope eval --logprobs records them)",
  score({ draws }) {
    const readable = draws.filter(({ value }) => value !== null);
    if (readable.length > 0 && readable.every(({ meanLogprob }) => meanLogprob === undefined)) return undefined;
    const scores = perplexityScores(
      draws.map(({ value, meanLogprob, finish }) => ({ readable: value !== null, meanLogprob, finish })),
    );
    const leader = highest(scores);
    const said = { draws: draws.length };
    return leader === undefined
      ? { ...said, score: 0, leader: undefined }
      : { ...said, score: scores[leader]!, leader: draws[leader] };
  },
});
