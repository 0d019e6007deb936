import { onlyThought } from "../models/thinking/reply.js";
import type { Reply } from "../calls/types.js";
import type { Failed, PlanKind } from "../state/sample.js";
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

const LEAD_IN =
  /^[\s*#>"'-]*(?:\d{1,2}[.)]\s+(?=\p{L}{2}))?(?:(?:the )?(?:goal|guideline|plan|strategy|answer)(?: of the problem)?(?: is)?\s*[:.-]\s*)?[\s*"']*/iu;

/**
 * Makes a planner's output a plan: its first paragraph, without lead-in, cut to the sentences a plan of its kind has, one for
 * a goal and two for a guideline. A text that was cut by its token limit loses the unfinished sentence when a finished one is
 * there. Empty where nothing usable is left.
 */
export function tidyPlan(text: string, kind: PlanKind): string {
  const sentences = kind === "goal" ? 1 : 2;
  const paragraph =
    text
      .trim()
      .slice(0, 2000)
      .split("\n")
      .find((line) => /[\p{L}\p{N}]/u.test(line)) ?? "";
  const plain = paragraph.replace(LEAD_IN, "").replace(/["*\s]+$/, "");
  // A sentence ends where white space or the text's end follows, so that 3.14 stays whole.
  const found = plain.match(/[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]+(?=\s|$)/g);
  return (found ? found.slice(0, sentences).join("") : plain).trim();
}
