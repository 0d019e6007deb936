import { seriesOf } from "../series.js";
import { createJudged } from "./judged.js";
import type { Method } from "./types.js";

/** How often the small model judges its own answer, and what share must find it right. */
export interface AutomixOptions {
  /** @default 8 */
  samples?: number;
  /** @default 0.75 */
  threshold?: number;
}

/** What a judge's text reads as, where it finds the answer right. */
export const YES = "yes";

/**
 * AutoMix (arXiv 2310.12963), by its self-verification: the small model answers once and then judges that answer several
 * times; where too few judgements find it right the large model answers. The trained router of the paper is left out.
 */
export function createAutomix({ samples = 8, threshold = 0.75 }: AutomixOptions = {}): Method {
  return createJudged({
    name: "automix",
    about: `one small answer, judged ${samples} times by the small model, accepted at ${threshold}`,
    step: "self-verify",
    judge: seriesOf(
      { name: "verify", execute: { by: "small", samples, temperature: 0.8, maxTokens: 256 } },
      { wording: "verify" },
    ),
    threshold,
    confidence: (judged) => judged.filter(({ value }) => value === YES).length / samples,
  });
}
