import { createAutomix, YES } from "../../methods/automix.js";
import type { ComparedScorer } from "../types.js";

const [small, judge] = createAutomix().series;

/** Share of the small model's judgements that find its one greedy answer right (AutoMix, arXiv 2310.12963). */
export const selfVerification: ComparedScorer = {
  name: "self-verification",
  about: "share of the small model's judgements that find its greedy answer right",
  probability: true,
  threshold: 0.75,
  reads: "judgements (cope eval --methods automix records them)",
  score({ view }) {
    const answer = view.find(small!, {}, 0);
    if (!answer) return undefined;
    if (answer.value === null) return { score: 0, draws: 1, leader: undefined };
    const count = judge!.stage.execute.samples;
    const judged = view.prefix(judge!, { answer: { index: 0, text: answer.text } }, count);
    if (judged.length < count) return undefined;
    return { score: judged.filter(({ value }) => value === YES).length / count, draws: 1 + count, leader: answer };
  },
};
