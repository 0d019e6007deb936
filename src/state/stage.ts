import { z } from "zod";
import { PlanKind, UnknownPair } from "./sample.js";

/** What ended a run early: a limit, or a person who was asked. */
export const Stop = z.enum(["budget", "timeout", "rejected"]);
export type Stop = z.infer<typeof Stop>;

/**
 * How many samples are drawn before the scorer looks again:
 * - `toAccept`: as many as are missing to accept;
 * - `fewest`: the least after which accepting or escalating could be settled;
 * - `all`: everything at once.
 */
export const WavePolicy = z.enum(["toAccept", "fewest", "all"]);
export type WavePolicy = z.infer<typeof WavePolicy>;

/** Samples about to be drawn: what the node that decides hands to the edge that sends. */
export const Wave = z.object({
  stage: z.string(),
  /** Indices of the samples to draw. Empty: a limit ended the run. */
  indices: z.array(z.number().int().min(0)),
  /** How often one call may be tried, first attempt included: less than asked for where the budget is tight. */
  attempts: z.number().int().min(1),
  /** Why nothing is drawn. */
  stop: Stop.optional(),
});
export type Wave = z.infer<typeof Wave>;

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
     * Stop drawing when the chance that all n draws would decide otherwise is under `chance`: see docs/inside/early-stop.md. Needs a
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

/** A guided stage came to another answer. */
const Flip = z.object({
  /** The stage without a guideline. */
  stage: z.string(),
  /** The sample that led there. */
  from: z.string(),
  /** The harm guard kept the guided answer from being taken: it was less sure. */
  guarded: z.boolean(),
});

/** A stage's decision after a wave, with the evidence. The last verdict of a stage is the one that counts. */
export const Verdict = z.object({
  stage: z.string(),
  /** `last`: the last stage answers, also below a threshold. `stopped`: a limit ended the run here. */
  decision: z.enum(["accept", "sample", "escalate", "last", "stopped"]),
  /** The scorer's interval. */
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
  winner: z.string().optional(),
  leader: z.string().optional(),
  threshold: z.number().min(0).max(1).nullable(),
  planned: z.number().int().min(1),
  drawn: z.number().int().min(0),
  /** Waves drawn so far. */
  waves: z.number().int().min(0),
  /** One sentence: evidence and decision. */
  why: z.string(),
  stop: Stop.optional(),
  /** The stage's answer is another than that of an earlier stage without a guideline. */
  flip: Flip.optional(),
  /** Comparisons that could not be finished; for the rest of the turn they stay so. */
  unknown: z.array(UnknownPair).optional(),
});
export type Verdict = z.infer<typeof Verdict>;
