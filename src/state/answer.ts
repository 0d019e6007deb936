import { z } from "zod";
import { Checks, Plan, Sample } from "./sample.js";
import { Stop, Verdict } from "./stage.js";

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

const about = { type: z.literal("cope"), stage: z.string() };

/**
 * What a run tells while it works, through LangGraph's `custom` stream: its plans, samples and verdicts, which are nobody's
 * answer yet, and at the end the one answer. `type` tells these events from those of other parts of a graph.
 */
export const CopeEvent = z.discriminatedUnion("kind", [
  z.object({ ...about, kind: z.literal("plan"), plan: Plan }),
  /** Without what only scorers read. */
  z.object({ ...about, kind: z.literal("sample"), sample: Sample.omit({ logprobs: true, vector: true }) }),
  z.object({ ...about, kind: z.literal("verdict"), verdict: Verdict }),
  z.object({ ...about, kind: z.literal("answer"), answer: Answer }),
]);
export type CopeEvent = z.infer<typeof CopeEvent>;
