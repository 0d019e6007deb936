import { strategies } from "../../graph/stages.js";
import type { StageInput } from "../../state/stage.js";
import type { Draw } from "../draw.js";
import { seriesOf, type Given, type Series } from "../series.js";
import type { View } from "../view.js";
import { acceptOrLarge, LARGE } from "./to-large.js";
import type { Method, Step } from "./types.js";

/** The small model's one greedy answer. */
const SMALL = seriesOf(strategies["small"]![0] as StageInput);

/** A method in which the small model judges its own answer. */
export interface JudgedOptions {
  name: string;
  about: string;
  /** Name of the judging step. */
  step: string;
  /** What judgements are drawn from; its stage says how many. */
  judge: Series;
  /** Least confidence that is accepted. */
  threshold: number;
  /** Confidence by all judgements, 0 … 1. */
  confidence(judged: readonly Draw[]): number;
}

/** The small model answers once and judges that answer; where it is not confident the large model answers. */
export function createJudged({ name, about, step, judge, threshold, confidence: of }: JudgedOptions): Method {
  const { samples } = judge.stage.execute;
  const decide = (view: View): Step => {
    const answer = view.find(SMALL, {}, 0);
    if (!answer) return { wanted: [{ series: SMALL, given: {}, index: 0 }] };
    // Nothing to judge: straight to the large model.
    if (answer.value === null)
      return acceptOrLarge(view, { name: step, leader: undefined, confidence: 0, accept: false, waves: [[answer]] });
    const given: Given = { answer: { index: 0, text: answer.text } };
    const judged = view.prefix(judge, given, samples);
    if (judged.length < samples) {
      const missing = Array.from({ length: samples - judged.length }, (_, i) => judged.length + i);
      return { wanted: missing.map((index) => ({ series: judge, given, index })) };
    }
    const confidence = of(judged);
    const accept = confidence >= threshold;
    return acceptOrLarge(view, { name: step, leader: answer, confidence, accept, waves: [[answer], judged] });
  };
  return { name, about, series: [SMALL, judge, LARGE], decide };
}
