import { z } from "zod";
import { CopeError } from "../errors.js";
import { Columns } from "../evaluation/data/rows.js";
import { families } from "../families/index.js";
import { parseOptions } from "../options-error.js";
import { RunOptions, Thinking } from "../state/options.js";
import { Role } from "../state/stage.js";
import type { EvalFlags } from "./eval-flags.js";
import { flagWords, kebab, listOf, numberOf, numbersOf, priceOf } from "./flags.js";

const { samples, thresholds, guideline, seed, concurrency, attempts, callTimeoutMs, prices, small, large } =
  RunOptions.shape;

/** What `cope eval` is asked for, parsed. */
const EvalOptions = z.object({
  data: z.array(z.string().min(1)).min(1),
  methods: z.array(z.string().min(1, "a name of a method is needed")).min(1),
  family: z
    .string()
    .refine(
      (name) => name === "auto" || Object.hasOwn(families, name),
      `use auto or one of ${Object.keys(families).join(", ")}`,
    )
    .optional(),
  study: z.enum(["plans"]).optional(),
  judge: Role.optional(),
  limit: z.int().min(1).optional(),
  order: z.int().min(0),
  where: z.record(z.string(), z.array(z.string().min(1)).min(1)),
  part: z.enum(["tuning", "held-out"]).optional(),
  share: z.number().gt(0).lt(1).optional(),
  columns: Columns.optional(),
  small,
  large,
  model: z.record(Role, z.string().min(1)),
  price: prices,
  samples,
  thresholds,
  guideline,
  seed,
  concurrency,
  attempts,
  thinkingTokens: Thinking.shape.tokens,
  callTimeout: callTimeoutMs,
  atOnce: z.int().min(1).max(256).optional(),
  maxCalls: z.int().min(1).optional(),
  budgetUsd: z.number().gt(0).optional(),
  minutes: z.number().gt(0).optional(),
  margin: z.number().min(0).max(100).optional(),
  by: z.array(z.string().min(1)).optional(),
});
/** What `cope eval` is asked for, parsed. */
export type EvalOptions = z.infer<typeof EvalOptions>;

/** What is compared where nothing else is said. */
const METHODS = "cope,large,small";

/**
 * Parses the flags that need it. Numbers that are none reach the schema as NaN and are told as they were typed.
 *
 * @throws CopeError `OPTIONS_INVALID`, naming the flag
 */
export function parseEvalFlags(flags: EvalFlags): EvalOptions {
  refuseOdd(flags);
  const given = {
    data: flags.data,
    methods: listOf(flags.methods ?? METHODS),
    family: flags.family,
    study: flags.study,
    judge: flags.judge,
    limit: numberOf(flags.limit),
    order: numberOf(flags.order) ?? 0,
    where: Object.fromEntries(flags.where.map((one) => pair(one, "where")).map(([name, of]) => [name, listOf(of)])),
    part: flags.part,
    share: numberOf(flags.share),
    columns: columnsOf(flags.columns),
    small: flags.small,
    large: flags.large,
    model: Object.fromEntries(flags.model.map((one) => pair(one, "model"))),
    price: flags.price.length > 0 ? Object.fromEntries(flags.price.map((one) => priceOf(one))) : undefined,
    samples: numberOf(flags.samples),
    thresholds: numbersOf(flags.thresholds),
    guideline: flags.guideline,
    seed: numberOf(flags.seed),
    concurrency: numberOf(flags.concurrency),
    attempts: numberOf(flags.attempts),
    callTimeout: flags.callTimeout === undefined ? undefined : numberOf(flags.callTimeout)! * 1000,
    thinkingTokens: numberOf(flags.thinkingTokens),
    atOnce: numberOf(flags.atOnce),
    maxCalls: numberOf(flags.maxCalls),
    budgetUsd: numberOf(flags.budgetUsd),
    minutes: numberOf(flags.minutes),
    margin: numberOf(flags.margin),
    by: flags.by === undefined ? undefined : listOf(flags.by),
  };
  return parseOptions(EvalOptions, given, "eval", flagWords(flags, "eval"));
}

/** Flags that would be passed over in silence. */
function refuseOdd(flags: EvalFlags): void {
  const given = (names: readonly (keyof EvalFlags)[]) => names.find((name) => flags[name] !== undefined);
  if (flags.data.length === 0)
    throw wrong("--data: there is nothing to evaluate.", "name a file of problems or a data set: --data mine.jsonl.");
  if (flags.study !== undefined) {
    const odd = given([
      "methods",
      "stages",
      "thresholds",
      "samples",
      "guideline",
      "train",
      "allDraws",
      "margin",
      "by",
      "judge",
    ]);
    if (odd) throw wrong(`--study has methods and a table of its own, and --${kebab(odd)} is given.`, `leave one out.`);
  }
  const methods = listOf(flags.methods ?? METHODS);
  const ofCope = methods.includes("cope") ? undefined : given(["stages", "thresholds"]);
  if (ofCope)
    throw wrong(`--${ofCope} is for the method cope, which is not among --methods.`, "add cope, or leave it out.");
  if (flags.judge !== undefined && (!methods.includes("large") || methods.length < 2))
    throw wrong("--judge compares the other methods with large.", "name large and another one among --methods.");
  if (flags.train !== undefined && !methods.includes("frugal"))
    throw wrong("--train is for the method frugal, which is not among --methods.", "add frugal, or leave it out.");
  if (flags.share !== undefined && flags.part === undefined)
    throw wrong("--share without --part parts nothing.", "add --part tuning or --part held-out.");
}

function pair(text: string, flag: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw wrong(`--${flag}: a name, "=" and a value are needed, "${text}" is given.`, "see `cope eval --help`.");
}

function columnsOf(text: string | undefined): Record<string, string | string[]> | undefined {
  if (text === undefined) return undefined;
  const pairs = listOf(text).map((one) => pair(one, "columns"));
  const about = pairs.filter(([what]) => what === "about").map(([, column]) => column);
  const others = pairs.filter(([what]) => what !== "about");
  return { ...Object.fromEntries(others), ...(about.length > 0 ? { about } : {}) };
}

function wrong(reason: string, remedy: string): CopeError {
  return new CopeError("OPTIONS_INVALID", reason, remedy);
}
