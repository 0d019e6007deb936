import type { PlanKind } from "../state/plan.js";

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
