import { z } from "zod";
import { Checks } from "./checks.js";
import { Failed } from "./failed.js";
import type { Json } from "./json.js";

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
