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
    const known = draws.flatMap(({ meanLogprob: mean }) => (mean === undefined ? [] : [mean]));
    if (known.length === 0) return undefined;
    // Divided first: the lowest of all numbers is the mean of a text that could not come.
    return { score: known.reduce((sum, mean) => sum + mean / known.length, 0), draws: draws.length };
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
    if (draws.every(({ meanLogprob: mean }) => mean === undefined)) return undefined;
    const weights = draws.map(({ meanLogprob: mean }) => (mean === undefined ? 0 : Math.exp(mean)));
    const total = weights.reduce((a, b) => a + b, 0);
    const of = (label: number) => weights.reduce((sum, weight, i) => (labels[i] === label ? sum + weight : sum), 0);
    const classes = [...new Set(labels.filter((label) => label >= 0))];
    const best = classes.toSorted((a, b) => of(b) - of(a))[0];
    if (best === undefined || total === 0) return { score: 0, draws: draws.length, leader: undefined };
    // Rounding must not lift a share above 1.
    return { score: Math.min(1, of(best) / total), draws: draws.length, leader: draws[labels.indexOf(best)] };
  },
});
