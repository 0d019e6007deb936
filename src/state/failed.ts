import { z } from "zod";

/** Why a call has no answer. */
export const Failed = z.object({
  code: z.string(),
  message: z.string(),
  /** The run's own time was up: says nothing of the model. */
  runOver: z.boolean().optional(),
});
export type Failed = z.infer<typeof Failed>;
