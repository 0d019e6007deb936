import { CopeError } from "../errors.js";
import { readCalibration } from "../graph/calibration.js";
import type { CopeOptions } from "../graph/options.js";
import { EMBEDDED } from "../models/roles.js";
import { chosenBy } from "../nodes/choices.js";
import type { Calibration } from "../state/calibration.js";
import { RunOptions, type Budget, type RunChoices, type Settings } from "../state/options.js";
import { defined, parse, pricesByModel } from "./flags.js";
import { readChoices, readSchema, readTests, type GivenTask } from "./inputs.js";
import { parseAsk } from "./solve-approval.js";
import { solveFlags, type SolveTyped, type SolveValues } from "./solve.js";

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
    ...defined({ stages: strategy ?? undefined, scorer, calibration }),
  };
}

/** The flags of one command line, read once. */
export interface SolveFlags {
  typed: SolveTyped;
  values: SolveValues;
  /** Flags that give an option of the thread back to its default. */
  back: readonly Name[];
}

type Name = keyof SolveTyped;

/** What a flag is given to go back to its default in a thread that has chosen another value. */
const DEFAULT = "default";

/** Reads the flags. @throws CopeError `OPTIONS_INVALID`, naming the flag as it is typed */
export async function readFlags(typed: SolveTyped): Promise<SolveFlags> {
  const back = (Object.keys(typed) as Name[]).filter((name) => typed[name] === DEFAULT);
  const kept = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== DEFAULT)) as SolveTyped;
  return { typed, values: await parse("solve", solveFlags, kept), back };
}

/**
 * What the flags decide of the outcome.
 *
 * @param before - what the thread has chosen, for the models that its roles have
 * @throws CopeError `OPTIONS_INVALID`, and as `readCalibration` does
 */
export function startOptions({ values }: SolveFlags, before: RunOptions = {}): StartOptions {
  const { small, large, family, reasoning, samples, thresholds, maxTokens, thinkingTokens, guideline, seed } = values;
  const { budgetUsd: usd, maxCalls: calls, timeout: ms, concurrency, strategy, scorer } = values;
  const budget = defined({ usd, calls, ms });
  const options: RunOptions = defined({
    small,
    large,
    family,
    reasoning,
    samples,
    thresholds,
    maxTokens,
    thinking: thinkingTokens === undefined ? undefined : { tokens: thinkingTokens },
    guideline,
    seed,
    budget: Object.keys(budget).length > 0 ? budget : undefined,
    concurrency,
    prices: values.price && pricesByModel(values.price, modelsByRole(values, before)),
    ask: parseAsk(values.ask),
  });
  const calibration = values.calibration === undefined ? undefined : readCalibration(values.calibration);
  const start = { strategy: strategy ?? (calibration ? null : "cope"), options };
  return { ...start, ...defined({ scorer, calibration }) };
}

const LIMITS: Partial<Record<Name, keyof Budget>> = { budgetUsd: "usd", maxCalls: "calls", timeout: "ms" };

/** What one command line chooses for a thread's next turns; `null` gives an option back to its default. */
export function chosenByFlags(flags: SolveFlags, before?: RunOptions): RunChoices {
  const { options } = startOptions(flags, before);
  const nulls = flags.back.filter((name) => name in RunOptions.shape).map((name) => [name, null]);
  const limits = flags.back.flatMap((name) => (LIMITS[name] ? [[LIMITS[name], null]] : []));
  const budget = { ...options.budget, ...Object.fromEntries(limits) };
  return { ...options, ...Object.fromEntries(nulls), ...(Object.keys(budget).length > 0 ? { budget } : {}) };
}

/** What a thread's next turn is started with: what its earlier ones were, where no flag says otherwise. */
export function startedNext(saved: StartOptions | undefined, flags: SolveFlags): StartOptions {
  const now = startOptions(flags, saved?.options);
  if (!saved) return now;
  const last = <T>(name: Name, next: T, before: T): T => (flags.typed[name] === undefined ? before : next);
  const scorer = last("scorer", now.scorer, saved.scorer);
  const calibration = last("calibration", now.calibration, saved.calibration);
  // Whoever names a calibration means its stages, whoever takes it away the paper's.
  const ofCalibration = flags.typed.calibration !== undefined && flags.typed.strategy === undefined;
  const strategy = ofCalibration ? (calibration ? null : "cope") : last("strategy", now.strategy, saved.strategy);
  return {
    strategy: strategy === null && !calibration ? "cope" : strategy,
    options: chosenBy(saved.options, [chosenByFlags(flags, saved.options)]),
    ...defined({ scorer, calibration }),
  };
}

/** The models that flags name here, or that the thread `before` had, by role. */
const modelsByRole = ({ small, large }: SolveValues, before: RunOptions): Record<string, string> => ({
  ...EMBEDDED,
  ...defined({ small: before.small, large: before.large }),
  // Models that lasted are kept by role.
  ...before.models,
  ...defined({ small, large }),
});

/** What checks an answer, from flags and their files. @throws CopeError as `readTests`, `readChoices` and `readSchema` do */
export async function readGiven({ typed }: SolveFlags): Promise<GivenTask> {
  const { language, entryPoint, choices, schema, consensus, tests } = typed;
  return {
    ...(tests === undefined ? {} : await readTests(tests, typed)),
    ...defined({ language, entryPoint, consensus }),
    ...(choices === undefined ? {} : { choices: readChoices(choices) }),
    ...(schema === undefined ? {} : { schema: readSchema(schema) }),
  };
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
  const now = startOptions(flags, saved.options);
  const strategy = flags.typed.strategy === undefined ? undefined : now.strategy;
  const chosen: Record<string, unknown> = {
    ...now.options,
    ...defined({ strategy, scorer: now.scorer, calibration: now.calibration }),
  };
  const before: Record<string, unknown> = { ...saved, ...saved.options };
  // Models that lasted are kept by role.
  const { models: roles, ...others } = before as { models?: Record<string, unknown> };
  const known: Record<string, unknown> = { ...others, ...roles };
  const changed = Object.keys(chosen).filter((key) => JSON.stringify(chosen[key]) !== JSON.stringify(known[key]));
  if (changed.length > 0) throw optionsChanged(thread, changed);
}

function optionsChanged(thread: string, changed: readonly string[]): CopeError {
  return new CopeError(
    "OPTIONS_CHANGED",
    `the thread "${thread}" was started with another ${changed.join(", ")}.`,
    `resume with \`cope solve --thread ${thread}\` alone, or ask in a new thread.`,
  );
}
