import { z } from "zod";
import type { Json } from "./message.js";

const Count = z.number().int().min(0);

/** What running a sample's value said: for a program, its visible tests. */
export const Checks = z.object({
  passed: Count,
  total: Count,
  /** Of `total`, those that had to run beside the program itself, which could have cheated them. */
  weak: Count.optional(),
  /** The first that failed, in order, as a person and a guideline's writer are told: see `SHOWN_FAILURES`. */
  failures: z.array(z.object({ test: z.string(), why: z.string() })),
});
export type Checks = z.infer<typeof Checks>;

/** How many failures are kept, and how many UTF-16 units of each text: a prompt that shows them has an upper bound. */
export const SHOWN_FAILURES = { count: 4, length: 200 } as const;

/** Why a call has no answer. */
export const Failed = z.object({
  code: z.string(),
  message: z.string(),
  /** The run's own time was up: says nothing of the model. */
  runOver: z.boolean().optional(),
});
export type Failed = z.infer<typeof Failed>;

/** `turn/stage/index`, unique in a thread. */
export type SampleId = string;

/** One executor's attempt at the task. A call that failed is a sample too: it votes for nothing. */
export const Sample = z.object({
  id: z.string(),
  stage: z.string(),
  /** Position in the stage, from 0; every decision reads samples in this order. */
  index: z.number().int().min(0),
  /** What the model said; empty where the call failed, and where it only thought. */
  text: z.string(),
  /** What it wrote for itself before that; read, counted and shown as an answer nowhere. */
  thinking: z.string().optional(),
  /** Id of the message that the text was streamed as. */
  messageId: z.string().optional(),
  /** What the family read from the text; absent when nothing could be read. */
  value: (z.any() as z.ZodType<Json>).optional(),
  /** How the value was found (math: `box`, `sentence` or `number`). */
  readBy: z.string().optional(),
  /** Why nothing was read, where the family says so. */
  unread: z.string().optional(),
  /** What was read all the same, and votes for nothing: it answers where no sample of the run gave anything else. */
  doubtful: (z.any() as z.ZodType<Json>).optional(),
  /** What running the value said, in families that run it. */
  checks: Checks.optional(),
  /** The sandbox that ran a program of the text: `bubblewrap`, `pyodide`, `quickjs`. */
  sandbox: z.string().optional(),
  /** Text of the goal this sample was shown, if any. */
  goal: z.string().optional(),
  /** Natural-log probability of each generated token, where the model reports it. */
  logprobs: z.array(z.number()).optional(),
  /** A vector for the text, where the stage's scorer compares texts by their meaning. */
  vector: z.array(z.number()).optional(),
  /** Why the text ended: `stop`, or `length` when the output limit cut it. */
  finish: z.string().optional(),
  /** Why there is no text. */
  failed: Failed.optional(),
});
export type Sample = z.infer<typeof Sample>;

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

/** Two values of which nobody could tell whether they are the same answer: comparing them took too long. */
export const UnknownPair = z.tuple([z.any() as z.ZodType<Json>, z.any() as z.ZodType<Json>]);
export type UnknownPair = z.infer<typeof UnknownPair>;
