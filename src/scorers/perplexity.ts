import type { Sample } from "../state/sample.js";
import { assertPlanned, highest } from "./run-scored.js";
import type { Confidence, Draw } from "./types.js";

/**
 * Mean natural-log probability of a text's tokens: minus the logarithm of its perplexity. Undefined where no token is told,
 * or one is no number; the lowest finite number where a token is told that could not come, since files hold no infinity.
 */
export function meanLogprob(logprobs: readonly number[] | undefined): number | undefined {
  if (!logprobs?.length) return undefined;
  const mean = logprobs.reduce((sum, logprob) => sum + logprob, 0) / logprobs.length;
  return Number.isNaN(mean) || mean === Infinity ? undefined : Math.max(-Number.MAX_VALUE, mean);
}

/**
 * The reciprocal of a text's perplexity under its own generation, exp(mean log-probability of its tokens): the geometric mean
 * of the chances that the model gave them, 0 … 1, never NaN. 0 where no token is told, or what is told is no log-probability.
 *
 * @param told - the tokens' natural-log probabilities, or their mean
 */
export function perplexityConfidence(told: readonly number[] | number | undefined): number {
  const mean = typeof told === "number" ? told : meanLogprob(told);
  // Servers round: a mean may come out a hair above 0. What lies further above is no log-probability.
  return mean !== undefined && mean <= 1e-3 ? Math.min(1, Math.exp(mean)) : 0;
}

/** What the perplexity scorer reads of a sample, or of a recorded draw. */
export interface ScoredAttempt {
  /** A value was read from it. */
  readable: boolean;
  /** Undefined where none is told. */
  meanLogprob?: number | undefined;
  /** Why the text ended, in the provider's word. */
  finish?: string | undefined;
}

/**
 * The confidence of each sample; null for one that cannot win. Unreadable and failed ones cannot, nor can a text that the
 * output limit cut off where another came to its end: a loop repeats itself at ever higher probability until it is cut.
 *
 * @returns for `runScored`
 */
export function perplexityScores(attempts: readonly ScoredAttempt[]): (number | null)[] {
  const finished = attempts.some((attempt) => attempt.readable && !isCut(attempt));
  return attempts.map((attempt) =>
    !attempt.readable || (finished && isCut(attempt)) ? null : perplexityConfidence(attempt.meanLogprob),
  );
}

const isCut = ({ finish }: ScoredAttempt): boolean => /^(?:length|max(?:_output)?_tokens)$/i.test(finish ?? "");

const attemptOf = ({ value, logprobs, finish }: Sample): ScoredAttempt => ({
  readable: value !== undefined,
  meanLogprob: meanLogprob(logprobs),
  finish,
});

/**
 * Perplexity (arXiv 2506.11578, open-ended tasks): the sample with the lowest perplexity under its own generation wins, once
 * all are drawn. Confidence is the reciprocal, so that it lies in 0 … 1 and is accepted at or above a threshold as any other.
 *
 * @throws CopeError `OPTIONS_INVALID` when there are more samples than planned.
 */
function lowestPerplexity(samples: readonly Sample[], { planned }: Pick<Draw, "planned">): Confidence {
  assertPlanned(samples.length, planned);
  const attempts = samples.map(attemptOf);
  const scores = perplexityScores(attempts);
  const at = highest(scores);
  const complete = samples.length === planned;
  const why = explain(samples, planned, at === undefined ? undefined : scores[at]!);
  if (at === undefined) return { low: 0, high: complete ? 0 : 1, why };
  const { id } = samples[at]!;
  // Until all are there a finished text may yet take the place of one that was cut.
  const low = complete || !isCut(attempts[at]!) ? scores[at]! : 0;
  return { low, high: complete ? low : 1, ...(complete ? { winner: id } : {}), leader: id, why };
}

/** The perplexity scorer, for open text. Draws all samples at once, since a better one may always come. */
export const perplexity = Object.assign(lowestPerplexity, {
  /** Log-probabilities of every sample's tokens. */
  needs: ["logprobs"] as const,
});

/** The evidence: `lowest perplexity of 8 samples is 1.21, 2 cut by their length limit, 1 failed`. */
function explain(samples: readonly Sample[], planned: number, best: number | undefined): string {
  const remaining = planned - samples.length;
  const failed = samples.filter((sample) => sample.failed !== undefined).length;
  const unreadable = samples.filter(({ value }) => value === undefined).length - failed;
  const untold = samples.filter((sample) => sample.value !== undefined && !sample.logprobs).length;
  const cut = samples.filter((sample) => sample.value !== undefined && isCut(attemptOf(sample))).length;
  const drawn = remaining === 0 ? `${planned} samples` : `${samples.length} drawn`;
  return [
    best === undefined ? `none of ${drawn} has a text` : `lowest perplexity of ${drawn} is ${inWords(best)}`,
    remaining > 0 && `${remaining} to come`,
    untold > 0 && `${untold} without log-probabilities`,
    cut > 0 && `${cut} cut by the length limit`,
    unreadable > 0 && `${unreadable} empty`,
    failed > 0 && `${failed} failed`,
  ]
    .filter(Boolean)
    .join(", ");
}

const inWords = (confidence: number): string =>
  confidence > 0 ? `${(1 / confidence).toFixed(2)} (confidence ${confidence.toFixed(2)})` : "not known or endless";
