import { z } from "zod";
import { parseOptions } from "../options-error.js";
import { RunOptions } from "../state/options.js";
import type { CompareFlags } from "./compare-scorers.js";

const Numbers = z.object({
  limit: z.number().int().min(1).optional(),
  samples: RunOptions.shape.samples,
  atAccuracy: z.number().gt(0).max(1).optional(),
});

/** The numbers of the command line, parsed. @throws CopeError `OPTIONS_INVALID` */
export function parseCompare(flags: CompareFlags): z.output<typeof Numbers> {
  const number = (text?: string) => (text === undefined ? undefined : text.trim() === "" ? NaN : Number(text));
  return parseOptions(
    Numbers,
    { limit: number(flags.limit), samples: number(flags.samples), atAccuracy: number(flags.atAccuracy) },
    "compare-scorers",
    {
      name: (path) => (path === "atAccuracy" ? "--at-accuracy" : `--${path}`),
      given: (path) => flags[path as "samples"],
      remedy: "see `cope compare-scorers --help`.",
    },
  );
}
