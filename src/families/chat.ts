import { z } from "zod";
import type { Message } from "../state/message.js";
import { History, withHistory } from "./history.js";
import type { BaseTask, Family, PlanRequest, Prompts } from "./types.js";
import { PLAN_LIMITS, tidyPlan, withPlans } from "./plans.js";

/** An open task. */
export interface ChatTask extends BaseTask {
  /** The user's further messages, as data sets of conversations carry them; they play no part in answering this one. */
  turns?: string[] | undefined;
}

/**
 * Open questions and conversation: the whole text is the answer, and no two texts are the same, so a vote means nothing. The
 * best sample is told by perplexity, or, where a model gives no log-probabilities, by semantic agreement (docs/use/chat.md).
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

const SYSTEM = {
  goal: "You prepare answers for an assistant. In one sentence, say what a good answer to the user's last message must achieve: what it has to deliver, for whom, and in which form. Do not write the answer.",
  guideline:
    "You coach an assistant. In one or two sentences, say how to write a good answer to the user's last message: what to cover, in which order, and which mistake to avoid. Do not write the answer.",
  worked:
    "You coach an assistant. In one or two sentences, say how to write a good answer to the user's last message: what to cover, with the facts, names or numbers that are easy to get wrong. Do not write the answer.",
  critique:
    "You coach an assistant whose first answers were not good enough. In one or two sentences, say how to write a better answer to the user's last message: what such answers tend to miss or get wrong, and how to avoid it. Do not write the answer.",
  execute:
    "You are a helpful assistant. Answer the user's last message: correctly, completely and concisely, in the form that is asked for. Where a goal or a guideline stands below it, follow it and do not mention it.",
} as const;

/** Without an example small models answer instead of planning. */
const EXAMPLE = {
  question: "Write a message to my landlord. The heating has been broken for three days.",
  goal: "A short, polite and firm message that says what is broken and since when, and gets a date for the repair.",
  guideline:
    "Name the fault and since when it has lasted, say what it means for daily life, then ask for a repair by a certain day. Neither threaten nor invent details.",
  worked:
    "Say that the heating has been out for three days, then ask for a repair by a certain day. Neither threaten nor invent details such as temperatures.",
} as const;

/** Planners see it after the question too: behind a conversation the system message is far away. */
const CUE = {
  goal: "(Write one sentence: what a good answer must achieve. Not the answer itself.)",
  guideline: "(Write one or two sentences: how to write a good answer. Not the answer itself.)",
} as const;

/** The wording of the chat family. The paper prints none for open-ended tasks, so it is all our own. */
const chatPrompts: Prompts = {
  plan: (task, request) =>
    withHistory(
      [
        { role: "system", content: systemOf(request) },
        { role: "user", content: asked(EXAMPLE.question, request) },
        { role: "assistant", content: exampleOf(request) },
        { role: "user", content: asked(task.question, request) },
      ],
      task.history,
    ),
  execute: (task, plans): Message[] =>
    withHistory(
      [
        { role: "system", content: SYSTEM.execute },
        { role: "user", content: withPlans(task.question, plans) },
      ],
      task.history,
    ),
  tidyPlan,
  limits: {
    ...PLAN_LIMITS,
    execute: { maxTokens: 512 },
  },
};

/** How votes split is not shown: each answer is a text of its own, and its first words tell a planner nothing. */
const systemOf = ({ kind, style }: PlanRequest): string =>
  kind === "goal" ? SYSTEM.goal : style === "method" ? SYSTEM.guideline : SYSTEM[style];

const exampleOf = ({ kind, style }: PlanRequest): string =>
  kind === "goal" ? EXAMPLE.goal : style === "worked" ? EXAMPLE.worked : EXAMPLE.guideline;

const asked = (question: string, { kind }: PlanRequest): string => `${question}\n\n${CUE[kind]}`;

/**
 * Confidence that is enough, by scorer and stage of the named lists. Perplexity: on 40 turns of MT-Bench the best of 4 samples of
 * the embedded 0.5B reached 0.7 in 25 (bench/RESULTS.md); nobody graded those, so it says how much is kept small and not how good
 * that is. Agreement: a round number, not measured. `cope calibrate` finds thresholds for data with grades.
 */
const CHAT_THRESHOLDS = {
  perplexity: { solo: 0.7, small: 0.7, guided: 0.7 },
  agreement: { solo: 0.9, small: 0.9, guided: 0.9 },
} as const;
