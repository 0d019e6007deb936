import { CopeError } from "../errors.js";
import { readCalibration } from "../graph/calibration.js";
import type { CopeOptions } from "../graph/options.js";
import { EMBEDDED } from "../models/roles.js";
import { parseOptions } from "../options-error.js";
import type { Calibration } from "../state/calibration.js";
import { chosenBy } from "../nodes/chosen.js";
import { RunOptions } from "../state/options.js";
import type { Budget, RunChoices, Settings } from "../state/options.js";
import { defined, kebab, numberOf, numbersOf, priceOf } from "./flags.js";
import { parseAsk } from "./solve-ask.js";
import type { SolveFlags } from "./solve-flags.js";

/** What a run is started with: the flags that decide its outcome, parsed. Kept with the thread. */
export interface StartOptions {
  /** Name of the stage list; null where the calibration's are taken. */
  strategy: string | null;
  options: RunOptions;
  /** Scorer of all stages, where it is not the family's. */
  scorer?: string;
  /** What `--calibration` holds: the thread keeps it, whatever becomes of the file. */
  calibration?: Calibration;
}

/** The options of a run as `createCope` takes them. */
export function cascadeOptions({ strategy, options, calibration, scorer }: StartOptions): CopeOptions {
  return {
    ...options,
    ...(strategy === null ? {} : { stages: strategy }),
    ...(scorer === undefined ? {} : { scorer }),
    ...(calibration ? { calibration } : {}),
  };
}

/** Parses the flags that decide the outcome. Numbers that are none reach the schema as NaN and are told as they were typed. */
export function parseFlags(given: SolveFlags, before: RunOptions = {}): StartOptions {
  const flags = withoutDefaults(given);
  const budget = defined({
    usd: numberOf(flags.budgetUsd),
    calls: numberOf(flags.maxCalls),
    ms: flags.timeout === undefined ? undefined : Number(flags.timeout) * 1000,
  });
  const options = defined({
    family: flags.family,
    small: flags.small,
    large: flags.large,
    samples: numberOf(flags.samples),
    thresholds: numbersOf(flags.thresholds),
    guideline: flags.guideline,
    reasoning: flags.reasoning,
    seed: numberOf(flags.seed),
    concurrency: numberOf(flags.concurrency),
    prices: pricesOf(flags, before),
    maxTokens: numberOf(flags.maxTokens),
    thinking: flags.thinkingTokens === undefined ? undefined : { tokens: numberOf(flags.thinkingTokens) },
    budget: Object.keys(budget).length > 0 ? budget : undefined,
    ask: parseAsk(flags),
  });
  const words = {
    name: (field: string) => `--${kebab(flagOf(field))}`,
    given: (field: string) => flags[flagOf(field)] as string | undefined,
    remedy: "see `cope solve --help`.",
  };
  const parsed = parseOptions(RunOptions, options, "solve", words);
  const scorer = flags.scorer === undefined ? {} : { scorer: flags.scorer };
  if (flags.calibration === undefined) return { strategy: flags.strategy ?? "cope", options: parsed, ...scorer };
  const calibration = readCalibration(flags.calibration);
  return { strategy: flags.strategy ?? null, options: parsed, ...scorer, calibration };
}

/** What a flag is given to go back to its default in a thread that has chosen another value. */
const DEFAULT = "default";

const toDefault = (flags: SolveFlags): (keyof SolveFlags)[] =>
  (Object.keys(flags) as (keyof SolveFlags)[]).filter((flag) => flags[flag] === DEFAULT);

const withoutDefaults = (flags: SolveFlags): SolveFlags =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== DEFAULT)) as unknown as SolveFlags;

const LIMITS: Readonly<Record<string, keyof Budget>> = { budgetUsd: "usd", maxCalls: "calls", timeout: "ms" };

/** What one command line chooses for a thread's next turns; `null` gives an option back to its default. */
export function chosenByFlags(flags: SolveFlags, before?: RunOptions): RunChoices {
  const { options } = parseFlags(flags, before);
  const nulls = toDefault(flags).flatMap((flag) => (flag in RunOptions.shape ? [[flag, null]] : []));
  const limits = toDefault(flags).flatMap((flag) => (LIMITS[flag] ? [[LIMITS[flag], null]] : []));
  const budget = { ...options.budget, ...Object.fromEntries(limits) };
  return {
    ...options,
    ...Object.fromEntries(nulls),
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
  };
}

/** What a thread's next turn is started with: what its earlier ones were, where no flag says otherwise. */
export function startedNext(saved: StartOptions | undefined, flags: SolveFlags): StartOptions {
  const now = parseFlags(flags, saved?.options);
  if (!saved) return now;
  const back = toDefault(flags);
  const kept = <T>(flag: keyof SolveFlags, next: T, last: T): T =>
    flags[flag] === undefined && !back.includes(flag) ? last : next;
  const scorer = kept("scorer", now.scorer, saved.scorer);
  const calibration = kept("calibration", now.calibration, saved.calibration);
  // Whoever names a calibration means its stages, whoever takes it away the paper's.
  const ofCalibration = flags.calibration !== undefined && flags.strategy === undefined;
  const strategy = ofCalibration ? (calibration ? null : "cope") : kept("strategy", now.strategy, saved.strategy);
  return {
    strategy: strategy === null && !calibration ? "cope" : strategy,
    options: chosenBy(saved.options, [chosenByFlags(flags, saved.options)]),
    ...(scorer === undefined ? {} : { scorer }),
    ...(calibration ? { calibration } : {}),
  };
}

/** Prices by model: a role stands for the model that it has here, or had in the thread `before`. */
function pricesOf({ price = [], small, large }: SolveFlags, before: RunOptions): RunOptions["prices"] {
  if (price.length === 0) return undefined;
  const now = Object.entries({ small, large }).filter(([, model]) => model !== undefined && model !== DEFAULT);
  const roles: Record<string, string | undefined> = {
    ...EMBEDDED,
    ...defined({ small: before.small, large: before.large }),
    // Models that lasted are kept by role.
    ...before.models,
    ...Object.fromEntries(now),
  };
  const named = price.map((one) => priceOf(one, "large=2.5,10"));
  return Object.fromEntries(
    named.map(([of, rates]) => {
      const model = roles[of] ?? of;
      if (model.includes(":")) return [model, rates];
      const reason = `--price: "${of}" is neither a role nor a model.`;
      throw new CopeError("OPTIONS_INVALID", reason, "use small, large, or provider:model.");
    }),
  );
}

/** The flag a field comes from: `budget.calls` is `maxCalls`, `thresholds.1` is `thresholds`. */
function flagOf(field: string): keyof SolveFlags {
  const [first = "", second = ""] = field.split(".");
  if (first === "prices") return "price";
  if (first === "thinking") return "thinkingTokens";
  const limit = Object.keys(LIMITS).find((flag) => LIMITS[flag] === second);
  return (limit ?? first) as keyof SolveFlags;
}

/**
 * Refuses to resume a run of which only its state is known under options that its state does not have: they would be
 * passed over in silence.
 */
export function assertFits(
  { options, calibration }: StartOptions,
  resolved: Settings,
  running: Settings,
  thread: string,
): void {
  const models = (key: "small" | "large") =>
    running.models[key] === "given" || running.models[key] === resolved.models[key];
  const same = (key: keyof RunOptions) => {
    if (key === "small" || key === "large") return models(key);
    if (key === "samples")
      return running.stages.every(({ execute: { samples } }) => samples === 1 || samples === options.samples);
    if (key === "thresholds") return JSON.stringify(thresholdsOf(running)) === JSON.stringify(options.thresholds);
    if (key === "maxTokens") return running.stages.every(({ execute }) => execute.maxTokens === options.maxTokens);
    if (key === "thinking") return running.thinking?.tokens === options.thinking?.tokens;
    // It shows in the family.
    if (key === "reasoning") return running.family.endsWith(":program") === (options.reasoning === "program");
    const field = key as keyof Settings;
    return JSON.stringify(resolved[field]) === JSON.stringify(running[field]);
  };
  const stages = JSON.stringify(calibration?.stages ?? running.stages) === JSON.stringify(running.stages);
  const changed: string[] = (Object.keys(options) as (keyof RunOptions)[]).filter((key) => !same(key));
  if (!stages) changed.push("calibration");
  if (changed.length > 0) throw optionsChanged(thread, changed);
}

const thresholdsOf = ({ stages }: Settings): number[] =>
  stages.slice(0, -1).flatMap(({ accept }) => (accept ? [accept.threshold] : []));

/** Refuses a resume under other options than the run was started with: its samples would not fit together. */
export function assertSame(flags: SolveFlags, saved: StartOptions, thread: string): void {
  const now = parseFlags(flags, saved.options);
  const asked: Record<string, unknown> = {
    ...now.options,
    ...(flags.strategy === undefined ? {} : { strategy: now.strategy }),
    ...(now.scorer === undefined ? {} : { scorer: now.scorer }),
    ...(now.calibration ? { calibration: now.calibration } : {}),
  };
  const before: Record<string, unknown> = {
    ...saved.options,
    strategy: saved.strategy,
    scorer: saved.scorer,
    calibration: saved.calibration,
  };
  // Models that lasted are kept by role.
  const { models: roles, ...others } = before as { models?: Record<string, unknown> };
  const known: Record<string, unknown> = { ...others, ...roles };
  const changed = Object.keys(asked).filter((key) => JSON.stringify(asked[key]) !== JSON.stringify(known[key]));
  if (changed.length > 0) throw optionsChanged(thread, changed);
}

function optionsChanged(thread: string, changed: readonly string[]): CopeError {
  return new CopeError(
    "OPTIONS_CHANGED",
    `the thread "${thread}" was started with another ${changed.join(", ")}.`,
    `resume with \`cope solve --thread ${thread}\` alone, or ask in a new thread.`,
  );
}
