import { z } from "zod";
import { Stop } from "./stop.js";
import { UnknownPair } from "./unknown.js";

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
