import { z } from "zod";
import { Checks } from "./checks.js";
import { Plan } from "./plan.js";
import { Stop } from "./stop.js";
import { Verdict } from "./verdict.js";

/** What a turn ends with. */
export const Answer = z.object({
  /** The value read from the text, printed by the family; null when nothing could be read in any stage. */
  value: z.string().nullable(),
  /** The winning sample's whole text. */
  text: z.string(),
  /** Name of the stage that answered. */
  stage: z.string(),
  /** Low end of the scorer's interval, 0 … 1; null when a last stage without a check answered. */
  confidence: z.number().min(0).max(1).nullable(),
  /** What running the answer said, in families that run it: a program's visible tests. */
  checks: Checks.optional(),
  /** The last stage, where its answer could not be used and an earlier leader answers instead. */
  fallbackFrom: z.string().optional(),
  /** Present when a limit or a person ended the run early. */
  stopped: Stop.optional(),
});
export type Answer = z.infer<typeof Answer>;

/** What one stage did, for the output. */
export const StageReport = z.object({
  name: z.string(),
  planned: z.number().int().min(1),
  drawn: z.number().int().min(0),
  confidence: z.number().min(0).max(1).nullable(),
  threshold: z.number().min(0).max(1).nullable(),
  decision: Verdict.shape.decision.exclude(["sample"]),
  why: z.string(),
  plans: z.array(Plan.pick({ kind: true, by: true, text: true })),
  /** The stage came to another answer under a guideline than an earlier one had without. */
  flip: z
    .object({
      /** The stage without a guideline, its answer as printed, and its confidence. */
      stage: z.string(),
      value: z.string(),
      confidence: z.number().min(0).max(1),
      /** The harm guard did not let the guided answer through. */
      guarded: z.boolean(),
    })
    .optional(),
});
export type StageReport = z.infer<typeof StageReport>;
