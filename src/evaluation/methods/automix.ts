import { strategies } from "../../graph/stages.js";
import type { StageInput } from "../../state/stage.js";
import { seriesOf, type Given } from "../series.js";
import type { View } from "../view.js";
import { acceptOrLarge, LARGE } from "./to-large.js";
import type { Method, Step } from "./types.js";

/** How often the small model judges its own answer, and what share must find it right. */
export interface AutomixOptions {
  /** @default 8 */
  samples?: number;
  /** @default 0.75 */
  threshold?: number;
}

const SMALL = seriesOf(strategies["small"]![0] as StageInput);

/** What a judge's text reads as, where it finds the answer right. */
export const YES = "yes";

/**
 * AutoMix (arXiv 2310.12963), by its self-verification: the small model answers once and then judges that answer several
 * times; where too few judgements find it right the large model answers. The trained router of the paper is left out.
 */
export function createAutomix({ samples = 8, threshold = 0.75 }: AutomixOptions = {}): Method {
  const judge = seriesOf(
    { name: "verify", execute: { by: "small", samples, temperature: 0.8, maxTokens: 256 } },
    { wording: "verify" },
  );
  const decide = (view: View): Step => {
    const answer = view.find(SMALL, {}, 0);
    if (!answer) return { wanted: [{ series: SMALL, given: {}, index: 0 }] };
    // Nothing to judge: straight to the large model.
    if (answer.value === null)
      return acceptOrLarge(view, {
        name: "self-verify",
        leader: undefined,
        confidence: 0,
        accept: false,
        waves: [[answer]],
      });
    const given: Given = { answer: { index: 0, text: answer.text } };
    const judged = view.prefix(judge, given, samples);
    if (judged.length < samples) {
      return {
        wanted: Array.from({ length: samples - judged.length }, (_, i) => ({
          series: judge,
          given,
          index: judged.length + i,
        })),
      };
    }
    const confidence = judged.filter(({ value }) => value === YES).length / samples;
    return acceptOrLarge(view, {
      name: "self-verify",
      leader: answer,
      confidence,
      accept: confidence >= threshold,
      waves: [[answer], judged],
    });
  };
  return {
    name: "automix",
    about: `one small answer, judged ${samples} times by the small model, accepted at ${threshold}`,
    series: [SMALL, judge, LARGE],
    decide,
  };
}
