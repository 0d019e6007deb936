import { z } from "zod";
import { PlanKind } from "./plan.js";
import { WavePolicy } from "./wave.js";

/** A named model. `small` and `large` have embedded defaults; any further name must be given a model. */
export const Role = z.string().regex(/^[a-z][a-z0-9_-]*$/i, "a role is a word of letters, digits, - and _");
export type Role = z.infer<typeof Role>;

/**
 * One stage of the cascade, as data: who plans, who executes, what the executor sees, how many samples, and what
 * confidence is enough. A list of stages is JSON, so that calibration can write one and a file can hold it.
 * A goal is written once a sample, a guideline once a stage (arXiv 2506.11578, section 3).
 */
export const Stage = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, "a stage's name is lower case: letters, digits and -"),
  /** Who writes which plan in this stage; absent: nobody plans here. */
  plan: z
    .object({
      by: Role,
      kind: PlanKind,
      temperature: z.number().min(0).max(2).default(0.8),
      /** Upper bound of the plan's tokens. @default the family's */
      maxTokens: z.number().int().min(1).optional(),
    })
    .optional(),
  /** Which plans the executor is shown. A goal not written here is the one carried over from the stage before. */
  sees: z.array(PlanKind).default([]),
  execute: z.object({
    by: Role,
    /** Planned samples n. */
    samples: z.number().int().min(1).max(256).default(8),
    temperature: z.number().min(0).max(2),
    /** Upper bound of one sample's tokens. @default the family's */
    maxTokens: z.number().int().min(1).optional(),
    wave: WavePolicy.default("toAccept"),
    /**
     * Stop drawing when the chance that all n draws would decide otherwise is under `chance`: see docs/early-stop.md. Needs a
     * scorer that tells chances, as the vote does. @default only when that is certain
     */
    stop: z
      .object({ chance: z.number().min(0).max(0.5).default(0.01) })
      .strict()
      .optional(),
  }),
  /** When the stage's answer is good enough. The last stage needs none: it answers in any case. */
  accept: z
    .object({
      /** Name of a scorer. @default the family's */
      scorer: z.string().optional(),
      /** Accept at confidence >= threshold. */
      threshold: z.number().min(0).max(1),
    })
    .optional(),
});
export type Stage = z.infer<typeof Stage>;
/** A stage as a person writes it: defaults may be left out. */
export type StageInput = z.input<typeof Stage>;

/** Whether a stage's samples are checked by a scorer: all but a last stage with a single sample are. */
export function isChecked(stages: readonly Stage[], i: number): boolean {
  return i < stages.length - 1 || stages[i]!.execute.samples > 1;
}
