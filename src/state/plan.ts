import { z } from "zod";
import { Failed } from "./failed.js";

/** A *goal* says WHAT is to be achieved (small model), a *guideline* HOW to go about it (large model). Neither is a solution. */
export const PlanKind = z.enum(["goal", "guideline"]);
export type PlanKind = z.infer<typeof PlanKind>;

/** A plan as written: kept for the whole run, also where a later stage no longer plans. */
export const Plan = z.object({
  /** `turn/stage/index` for a goal (one a sample), `turn/stage` for a guideline (one a stage). */
  id: z.string(),
  stage: z.string(),
  kind: PlanKind,
  /** The role that wrote it; `person` for a guideline that was edited. */
  by: z.string(),
  text: z.string(),
  /** What its model wrote for itself before that; shown to nobody. */
  thinking: z.string().optional(),
  /** Why there is no text, where the planner's call failed; its samples fail too, without a call. */
  failed: Failed.optional(),
});
export type Plan = z.infer<typeof Plan>;
