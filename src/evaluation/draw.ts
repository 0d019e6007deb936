import { z } from "zod";
import { Checks } from "../state/checks.js";

/** One model call behind a draw: what it cost, whoever asked for it first. */
export const DrawCall = z.object({
  /** Key of the recorded call on the tape: the hash of everything the reply depended on. */
  key: z.string(),
  role: z.string(),
  /** `provider:model`, what prices go by. */
  model: z.string(),
  purpose: z.enum(["goal", "guideline", "execute", "embed"]),
  /** Null where the server counts none. */
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  /** Of the input and the output, what may have a price of its own: see `Usage`. */
  cachedInputTokens: z.number().optional(),
  cacheWriteTokens: z.number().optional(),
  hourCacheWriteTokens: z.number().optional(),
  reasoningTokens: z.number().optional(),
  /** It ran on the machine that recorded it; absent in older recordings, where the model's name alone tells. */
  local: z.boolean().optional(),
  /** Wall-clock milliseconds in the company it was drawn in. */
  ms: z.number(),
});
export type DrawCall = z.infer<typeof DrawCall>;

/**
 * One recorded draw of one problem: a sample with the goal it was shown, a guideline, or the vector of an answer. It carries its value and its
 * grade, so that tables can be made again without the data set, and says nothing of decisions: those are computed anew.
 */
export const Draw = z.object({
  /** Id of the problem in its data set. */
  problem: z.string(),
  /** Id of the series: see `Series`. */
  series: z.string(),
  /** What it was shown that depends on other draws, as one string: `""`, or for example `goal 3, guideline 1f0a9c`. */
  given: z.string(),
  /** Position in the series, from 0. */
  index: z.number().int().min(0),
  calls: z.array(DrawCall),
  /** The model's whole text: the sample's, or the guideline after tidying. */
  text: z.string(),
  /** What the model wrote for itself before that. */
  thinking: z.string().optional(),
  /** The goal written for this draw, after tidying. */
  goal: z.string().optional(),
  /** What the family read from the text, as it prints it; null where nothing could be read. */
  value: z.string().nullable(),
  /** How the value was found. */
  readBy: z.string().optional(),
  /** What running the value said, in families that run it. */
  checks: Checks.optional(),
  /** The sandbox that ran a program of the text: `bubblewrap`, `pyodide`, `quickjs`. */
  sandbox: z.string().optional(),
  /** Why the text ended: `stop`, `length`, or the provider's own word. */
  finish: z.string().optional(),
  /** Mean natural-log probability of the text's tokens, where the model reported them. */
  meanLogprob: z.number().optional(),
  /** Mean over the text's tokens of how far the likeliest led the second, as a difference of natural-log probabilities. */
  meanMargin: z.number().optional(),
  /** Of a question with an answer, by the embeddings of the method's model; 5 significant digits. */
  vector: z.array(z.number()).optional(),
  /** Whether the value is right; null where there is no value, nothing to grade by, or nobody could tell. */
  right: z.boolean().nullable(),
  /** There is something to grade by, and comparing the value with it could not be finished. */
  gradeUnknown: z.literal(true).optional(),
  /** Why there is no text: the call failed after all attempts. */
  failed: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type Draw = z.infer<typeof Draw>;

/** What a draw, and an answer made of it, says of its grade. */
export type DrawGrade = Pick<Draw, "right" | "gradeUnknown">;

/** The grade of a draw alone; of none, that there is nothing to grade. */
export const gradeIn = (draw: DrawGrade | undefined): DrawGrade => ({
  right: draw?.right ?? null,
  ...(draw?.gradeUnknown ? { gradeUnknown: true } : {}),
});

/** Where a draw lies among those of its problem. */
export const placeOf = (series: string, given: string, index: number): string => `${series}\n${given}\n${index}`;
