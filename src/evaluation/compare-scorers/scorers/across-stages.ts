import type { Stage } from "../../../state/stage.js";
import { shownTo } from "../../methods/cascade.js";
import { seriesOf } from "../../series.js";
import { leaderOf } from "../leader.js";
import type { ComparedScorer } from "../types.js";

/**
 * Whether the answer that leads here leads also under the large model's guideline. Needs the guideline and the second
 * stage's samples for the goal that is carried.
 *
 * @param next - the stage that follows
 */
export const acrossStages = (next: Stage): ComparedScorer => ({
  name: "across stages",
  about: "whether the next stage's leading answer is the same",
  probability: false,
  votes: true,
  threshold: 1,
  reads: "all samples of the next stage for the goal carried there (cope eval --all-draws records them)",
  score({ draws, leader, view }) {
    const samples = seriesOf(next);
    const plan = view.find(seriesOf(next, { part: "plan" }), {}, 0);
    const given = shownTo(next, {
      ...(leader?.goal ? { goal: { index: leader.index, text: leader.goal } } : {}),
      ...(plan?.text ? { guideline: plan.text } : {}),
    });
    const guided = view.prefix(samples, given, samples.stage.execute.samples);
    if (!plan || guided.length < samples.stage.execute.samples) return undefined;
    const other = leaderOf(guided, view.labels(guided));
    const agree = leader !== undefined && other !== undefined && view.labels([leader, other])[1] === 0;
    return { score: Number(agree), draws: draws.length + guided.length };
  },
});
