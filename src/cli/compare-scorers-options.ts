import { z } from "zod";
import { parseOptions } from "../options-error.js";
import { RunOptions } from "../state/options.js";
import type { CompareFlags } from "./compare-scorers.js";
import { flagWords, numberOf } from "./flags.js";

const Numbers = z.object({
  limit: z.number().int().min(1).optional(),
  samples: RunOptions.shape.samples,
  atAccuracy: z.number().gt(0).max(1).optional(),
});

/** The numbers of the command line, parsed. @throws CopeError `OPTIONS_INVALID` */
export function parseCompare(flags: CompareFlags): z.output<typeof Numbers> {
  const given = {
    limit: numberOf(flags.limit),
    samples: numberOf(flags.samples),
    atAccuracy: numberOf(flags.atAccuracy),
  };
  return parseOptions(Numbers, given, "compare-scorers", flagWords(flags, "compare-scorers"));
}
