import { createSelfGrade } from "../../methods/self-grade.js";
import type { ComparedScorer } from "../types.js";

const [small, judge] = createSelfGrade().series;

/** How likely the small model's "yes" is when it is asked whether its one greedy answer is right (arXiv 2207.05221). */
export const selfGrade: ComparedScorer = {
  name: "self-grade",
  about: 'probability of the small model\'s "yes" to its greedy answer',
  probability: true,
  threshold: 0.75,
  reads: "such grades (cope eval --methods self-grade records them)",
  score({ view }) {
    const answer = view.find(small!, {}, 0);
    if (!answer) return undefined;
    if (answer.value === null) return { score: 0, draws: 1, leader: undefined };
    const judged = view.find(judge!, { answer: { index: 0, text: answer.text } }, 0);
    return judged && { score: Number(judged.value ?? 0), draws: 2, leader: answer };
  },
};
