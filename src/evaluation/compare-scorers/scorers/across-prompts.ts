import { fewShot } from "../../methods/cascade-vote.js";
import { leaderOf } from "../leader.js";
import type { ComparedScorer } from "../types.js";

/** Whether majorities under two different few-shot prompts agree (arXiv 2310.03094). Its answer is that of the first. */
export const acrossPrompts: ComparedScorer = {
  name: "across prompts",
  about: "whether majorities under two few-shot prompts agree",
  probability: false,
  votes: true,
  threshold: 1,
  reads: "samples of two few-shot prompts (cope eval --methods cascade-verify records them)",
  score({ draws: { length }, view }) {
    const each = Math.max(1, length >> 1);
    const drawn = (["a", "b"] as const).map((which) => view.prefix(fewShot(which, each), {}, each));
    if (drawn.some((draws) => draws.length < each)) return undefined;
    const [a, b] = drawn.map((draws) => leaderOf(draws, view.labels(draws)));
    const agree = a !== undefined && b !== undefined && view.labels([a, b])[1] === 0;
    return { score: Number(agree), draws: 2 * each, leader: a ?? b };
  },
};
