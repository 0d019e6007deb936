import { z } from "zod";
import { CopeError } from "../errors.js";
import { parseOptions } from "../options-error.js";
import { Price, RunOptions } from "../state/options.js";
import type { StageInput } from "../state/stage.js";
import { WavePolicy } from "../state/wave.js";
import { defaultTape } from "./runs-folder.js";
import { flagWords, listOf, numberOf, numbersOf, priceOf } from "./flags.js";
import { readStages } from "./stages-file.js";

/** Options of `cope replay` as the command line has them. */
export interface ReplayFlags {
  tape?: string;
  recording?: string;
  data?: string;
  limit?: string;
  strategy?: string;
  stages?: string;
  thresholds?: string;
  samples?: string;
  guideline?: string;
  methods?: string;
  price: string[];
  approximate?: boolean;
  by?: string;
  grid?: boolean;
  steps?: string;
  waves?: string;
  out?: string;
  study?: string;
  report?: string;
  json?: boolean;
}

const Parsed = z.object({
  limit: z.number().int().min(1).optional(),
  thresholds: RunOptions.shape.thresholds,
  samples: z.array(z.number().int().min(1).max(256)).min(1).optional(),
  guideline: z
    .array(z.enum(["method", "critique", "worked"]))
    .min(1)
    .optional(),
  methods: z.array(z.string().min(1)).min(1).optional(),
  price: z.record(z.string(), Price),
  steps: z.number().gt(0).max(1).optional(),
  waves: z.array(WavePolicy).min(1).optional(),
  study: z.enum(["plans"]).optional(),
});

/** What `cope replay` is asked for. */
export interface ReplayWish extends z.output<typeof Parsed> {
  tape: string;
  recording: string | undefined;
  /** Data set that grades values which are read otherwise today. */
  data: string | undefined;
  /** Name of the stage list, or one's own. */
  stages: string | StageInput[];
  approximate: boolean;
  by: string | undefined;
  grid: boolean;
  out: string | undefined;
  report: string | undefined;
  json: boolean;
}

/**
 * Parses the flags. What is no number reaches the schema as NaN and is told as it was typed.
 *
 * @throws CopeError `OPTIONS_INVALID`; what finding a tape or reading stages throws
 */
export function parseReplay(flags: ReplayFlags): ReplayWish {
  const grid = flags.grid ?? false;
  refuseOdd(flags, grid);
  const parsed = parseOptions(
    Parsed,
    {
      limit: numberOf(flags.limit),
      thresholds: numbersOf(flags.thresholds),
      samples: numbersOf(flags.samples),
      guideline: flags.guideline === undefined ? undefined : listOf(flags.guideline),
      methods: flags.methods === undefined ? undefined : listOf(flags.methods),
      price: Object.fromEntries(flags.price.map((one) => priceOf(one, "large=2.5,10"))),
      steps: numberOf(flags.steps),
      waves: flags.waves === undefined ? undefined : listOf(flags.waves),
      study: flags.study,
    },
    "replay",
    flagWords(flags, "replay"),
  );
  return {
    ...parsed,
    tape: flags.tape ?? defaultTape(),
    recording: flags.recording,
    data: flags.data,
    stages: flags.stages === undefined ? (flags.strategy ?? "cope") : readStages(flags.stages),
    approximate: flags.approximate ?? false,
    by: flags.by,
    grid,
    out: flags.out,
    report: flags.report,
    json: flags.json ?? false,
  };
}

/** Flags that would be passed over in silence. */
function refuseOdd(flags: ReplayFlags, grid: boolean): void {
  const odd = (grid ? (["methods", "by", "study", "report"] as const) : (["steps", "waves", "out"] as const)).find(
    (name) => flags[name] !== undefined,
  );
  if (odd)
    throw wrong(`--${odd} ${grid ? "does not go with" : "needs"} --grid.`, `leave out --${grid ? "grid" : odd}.`);
  const ofCascade = (["strategy", "stages", "thresholds"] as const).find((name) => flags[name] !== undefined);
  const ofStudy =
    ofCascade ??
    (["methods", "samples", "guideline", "by", "report"] as const).find((name) => flags[name] !== undefined);
  if (flags.study !== undefined && ofStudy)
    throw wrong(`--study has methods and a table of its own, and --${ofStudy} is given.`, "leave one out.");
  // A report shows these stages under every threshold, whichever methods it compares.
  const cascade = flags.strategy ?? "cope";
  const unused =
    flags.thresholds !== undefined
      ? "thresholds"
      : flags.report === undefined && flags.strategy
        ? "strategy"
        : undefined;
  if (unused && flags.methods !== undefined && !listOf(flags.methods).includes(cascade))
    throw wrong(`--${unused} is for ${cascade}, which is not among --methods.`, `add ${cascade}, or leave it out.`);
  if (grid && flags.price.length > 0) throw wrong("--price does not go with --grid.", "leave it out.");
  if (flags.stages !== undefined && flags.strategy !== undefined)
    throw wrong("--stages and --strategy both say which stages.", "leave out one of them.");
  const several = grid ? undefined : (["samples", "guideline"] as const).find((name) => flags[name]?.includes(","));
  if (several) throw wrong(`--${several}: several need --grid.`, "give one, or add --grid.");
}

const wrong = (reason: string, remedy: string) => new CopeError("OPTIONS_INVALID", reason, remedy);
