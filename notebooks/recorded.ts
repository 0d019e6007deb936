import { scriptedModel, type ScriptedModel } from "../src/testing/index.js";
import { askedKey, recordedRuns } from "../test/support/recorded.js";

const runs = recordedRuns();

/** The questions that were asked of the embedded pair, each with the seed of its run. */
export const questions = runs.map(({ question, seed }) => ({ question, seed }));

/**
 * The embedded pair as it answered these questions once: real texts, replayed. Token counts were not kept and are taken to
 * be a quarter of the characters. Anything else that is asked has no answer.
 */
export function recordedPair(): { small: ScriptedModel; large: ScriptedModel } {
  const replies = new Map(runs.flatMap((run) => Object.entries(run.replies)));
  const replay = (as: string) =>
    scriptedModel(
      ({ system, user, seed }) => {
        const reply = replies.get(askedKey(system, user, seed));
        if (reply !== undefined) return reply;
        throw new Error("Nothing is recorded for this: ask one of the recorded questions with its seed, or run live.");
      },
      { as },
    );
  return { small: replay("llama:qwen2.5-coder-0.5b-instruct"), large: replay("llama:qwen2.5-coder-1.5b-instruct") };
}
