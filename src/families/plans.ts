import { onlyThought } from "../models/thinking/reply.js";
import type { Reply } from "../models/types.js";
import type { Failed } from "../state/failed.js";
import { whyOnlyThought } from "./cut.js";
import type { OutputLimits, ShownPlans } from "./types.js";

/** How long plans may become: a sentence or two on one line. */
export const PLAN_LIMITS: { goal: OutputLimits; guideline: OutputLimits } = {
  goal: { maxTokens: 64, stop: ["\n"] },
  guideline: { maxTokens: 96, stop: ["\n"] },
};

/** What is asked, with the plans behind it: all before them is the same for the samples of a stage, and models can cache it. */
export const withPlans = (asked: string, { goal, guideline }: ShownPlans): string =>
  [asked, goal && `Goal: ${goal}`, guideline && `Guideline: ${guideline}`].filter(Boolean).join("\n\n");

/** Why a planner's answer is no plan, though it was paid. */
export const emptyPlan = (reply: Reply): Failed => ({
  code: "PLAN_EMPTY",
  message: onlyThought(reply) ? whyOnlyThought(reply) : "nothing usable is left of what it wrote",
});
