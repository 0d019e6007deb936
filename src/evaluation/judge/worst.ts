import type { PriceBook } from "../../models/prices.js";
import type { PricedModel } from "../../models/types.js";
import { mostTokens } from "../../nodes/limits.js";
import type { Problem } from "../problem.js";
import { judgedOf } from "./judged.js";
import { gradeMessages, JUDGE_TOKENS, pairMessages } from "./prompts.js";

/** A longer text is cut in the middle, UTF-16 units, where nothing else is said. */
export const TEXT_LIMIT = 4000;

/**
 * What judging costs at the most, each call made once: all answers as long as a judge is shown, in Latin letters.
 *
 * @param methods - how many, the one that the others are compared with included
 * @param judge - `room`: tokens that it may think beside its answer
 */
export function worstOfJudging(
  problems: readonly Problem[],
  methods: number,
  { model, prices, room = 0 }: { model: PricedModel; prices: PriceBook; room?: number | undefined },
): { calls: number; usd: number | null } {
  const text = "x".repeat(TEXT_LIMIT);
  let calls = 0;
  let usd: number | null = 0;
  for (const problem of problems) {
    const judged = judgedOf(problem);
    // A conversation is as long as it may be shown, too: its answer is not there yet.
    const longest = judged.history ? { ...judged, history: [{ role: "user", content: text } as const] } : judged;
    const asked = [
      { times: 2 * (methods - 1), messages: pairMessages(longest, text, text, TEXT_LIMIT) },
      { times: judged.reference === undefined ? 0 : methods, messages: gradeMessages(longest, text, TEXT_LIMIT) },
    ];
    for (const { times, messages } of asked) {
      const each = prices.worst(model, { input: mostTokens(messages), output: JUDGE_TOKENS + room });
      calls += times;
      usd = usd === null || each === null ? null : usd + times * each;
    }
  }
  return { calls, usd };
}
