import { z } from "zod";

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
