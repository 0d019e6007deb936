import { seriesOf } from "../series.js";
import { createJudged } from "./judged.js";
import type { Method } from "./types.js";

/**
 * The small model answers once and is asked whether that answer is right: how likely "yes" is as its first word, against
 * "no", is the confidence (P(True), arXiv 2207.05221). One call of one token; needs log-probabilities. A judgement in which
 * neither word is among the likely ones counts 0.
 *
 * @param options - `threshold`: least probability of "yes" that accepts. Default 0.75
 */
export function createSelfGrade({ threshold = 0.75 }: { threshold?: number } = {}): Method {
  return createJudged({
    name: "self-grade",
    about: `one small answer, accepted where the small model's "yes" to it has a probability of ${threshold}`,
    step: "self-grade",
    judge: seriesOf(
      { name: "self-grade", execute: { by: "small", samples: 1, temperature: 0, maxTokens: 1 } },
      { wording: "self-grade" },
    ),
    threshold,
    confidence: ([judged]) => Number(judged!.value ?? 0),
  });
}
