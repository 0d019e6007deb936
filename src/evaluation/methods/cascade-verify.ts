import { runVote } from "../../scorers/run-vote.js";
import type { View } from "../view.js";
import { fewShot, halfOf, type TwoPromptOptions } from "./cascade-vote.js";
import { acceptOrLarge, LARGE, missingOf } from "./to-large.js";
import type { Method, Step } from "./types.js";

/**
 * Cascade by verification (arXiv 2310.03094): the small model answers under two different few-shot prompts; its answer is
 * taken only where the two majorities agree, else the large model answers.
 */
export function createCascadeVerify({ samples = 8 }: Omit<TwoPromptOptions, "threshold"> = {}): Method {
  const each = halfOf(samples);
  const prompts = [fewShot("a", each), fewShot("b", each)] as const;
  const decide = (view: View): Step => {
    const wanted = prompts.flatMap((series) => {
      const step = missingOf(view, series, each);
      return step && "wanted" in step ? step.wanted : [];
    });
    if (wanted.length > 0) return { wanted };
    const drawn = prompts.map((series) => view.prefix(series, {}, each));
    const leaders = drawn.map((draws) => {
      const { leader } = runVote(view.labels(draws), { threshold: 0, policy: "all" });
      return leader === undefined ? undefined : draws[leader];
    });
    const [a, b] = leaders;
    const accept = a !== undefined && b !== undefined && view.labels([a, b])[1] === 0;
    return acceptOrLarge(view, {
      name: "verify",
      leader: a ?? b,
      confidence: accept ? 1 : 0,
      accept,
      waves: [drawn.flat()],
    });
  };
  const about = `two few-shot prompts, ${each} answers each, accepted where the majorities agree`;
  return { name: "cascade-verify", about, series: [...prompts, LARGE], decide };
}
