import type { Message } from "../../state/message.js";
import { withHistory } from "../history.js";
import { PLAN_LIMITS, withPlans } from "../plans.js";
import { tidyPlan } from "../tidy-plan.js";
import type { PlanRequest, Prompts } from "../types.js";

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
export const chatPrompts: Prompts = {
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
