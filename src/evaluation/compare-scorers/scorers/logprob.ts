import type { ComparedScorer } from "../types.js";

const reads = "log-probabilities (cope eval --logprobs records them)";

/** Mean log-probability of a token over all samples: minus the logarithm of their perplexity. */
export const meanLogprob: ComparedScorer = {
  name: "log-probability",
  about: "mean log-probability of the samples' tokens (orders as perplexity does)",
  probability: false,
  threshold: "as base",
  reads,
  score({ draws }) {
    const known = draws.filter(({ failed }) => !failed).map(({ meanLogprob: mean }) => mean);
    if (known.length === 0 || known.some((mean) => mean === undefined)) return undefined;
    return { score: known.reduce<number>((sum, mean) => sum + mean!, 0) / known.length, draws: draws.length };
  },
};

/** A vote in which each sample weighs as its perplexity's inverse, exp(mean log-probability); its answer is its own. */
export const weightedVote = (threshold: number): ComparedScorer => ({
  name: "weighted vote",
  about: "share of the leading answer, each sample weighted by exp(mean log-probability)",
  probability: true,
  votes: true,
  threshold,
  reads,
  score({ draws, labels }) {
    if (draws.some(({ failed, meanLogprob: mean }) => !failed && mean === undefined)) return undefined;
    const weights = draws.map(({ failed, meanLogprob: mean }) => (failed ? 0 : Math.exp(mean!)));
    const total = weights.reduce((a, b) => a + b, 0);
    const of = (label: number) => weights.reduce((sum, weight, i) => (labels[i] === label ? sum + weight : sum), 0);
    const classes = [...new Set(labels.filter((label) => label >= 0))];
    const best = classes.toSorted((a, b) => of(b) - of(a))[0];
    if (best === undefined || total === 0) return { score: 0, draws: draws.length, leader: undefined };
    // Rounding must not lift a share above 1.
    return { score: Math.min(1, of(best) / total), draws: draws.length, leader: draws[labels.indexOf(best)] };
  },
});
