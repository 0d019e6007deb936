import { z } from "zod";
import { Answer } from "./answer.js";
import { Plan } from "./plan.js";
import { Sample } from "./sample.js";
import { Verdict } from "./verdict.js";

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
