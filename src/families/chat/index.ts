import { z } from "zod";
import { History } from "../history.js";
import type { BaseTask, Family } from "../types.js";
import { chatPrompts } from "./prompts.js";
import { CHAT_THRESHOLDS } from "./thresholds.js";

/** An open task. */
export interface ChatTask extends BaseTask {
  /** The user's further messages, as data sets of conversations carry them; they play no part in answering this one. */
  turns?: string[] | undefined;
}

/**
 * Open questions and conversation: the whole text is the answer, and no two texts are the same, so a vote means nothing. The
 * best sample is told by perplexity, or, where a model gives no log-probabilities, by semantic agreement (docs/chat.md).
 */
export function createChat(): Family<ChatTask, string> {
  return {
    name: "chat",
    task: z.object({
      question: z.string().trim().min(1, "the question is empty"),
      history: History,
      turns: z.array(z.string()).optional(),
    }),
    streams: true,
    prompts: chatPrompts,
    read(text) {
      const value = text.trim();
      return value === "" ? undefined : { value, by: "text" };
    },
    same: (a, b) => normalised(a) === normalised(b),
    print: (value) => value,
    scorer: [
      { name: "perplexity", thresholds: CHAT_THRESHOLDS.perplexity },
      { name: "agreement", thresholds: CHAT_THRESHOLDS.agreement },
    ],
    // A reference is one good answer of many: telling whether a text is as good takes a judge.
    grade: () => Promise.resolve(null),
  };
}

const normalised = (value: unknown): string => String(value).normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
