import { z } from "zod";
import { Stop } from "./stop.js";

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
