import { CopeError } from "../errors.js";
import { families } from "../families/index.js";
import type { AnyFamily } from "../families/types.js";
import { withLock } from "../models/file-lock.js";
import { anyOf } from "../models/waiting.js";
import type { Asker } from "./ask.js";
import { openTape } from "../models/tape.js";
import type { Method, Outcome } from "./methods/types.js";
import { ATTEMPTS, createAsker, openModels, type ModelOptions } from "./models.js";
import type { Problem } from "./problem.js";
import { completed } from "./outcomes.js";
import { recordProblems, underWay, type UnderWay } from "./record.js";
import { recordingOf } from "./recording.js";
import { createSpending, type Spending, type SpendingLimits } from "./spending.js";
import { openDraws, type Recording } from "./store.js";
import { worstOfMethods, type WorstBill } from "./worst.js";

/** What is evaluated, and how. */
export interface EvaluateOptions extends ModelOptions {
  /** Name of the data set, for the recording. */
  data: string;
  problems: readonly Problem[];
  methods: readonly Method[];
  /** File of the tape: recorded calls and draws, gone on with where it is there. */
  tape: string;
  /** Name of a family, or one's own. @default the problems' */
  family?: string | AnyFamily;
  /** Integer >= 0: every draw's seed derives from it. @default 0 */
  seed?: number;
  /** Record everything that other thresholds and waves of the methods would need, too. @default false */
  allDraws?: boolean;
  /** Ask for log-probabilities with every sample. @default false */
  logprobs?: boolean;
  /** Problems under way at once: more of them fill larger batches. @default 4 */
  atOnce?: number;
  /** What this process may do; absent limits do not bind. */
  limits?: EvaluationLimits;
  /** Told before the first call, when all models are open. */
  onBegin?: (begun: Begun) => void;
  /** Told after each batch of problems. */
  onProgress?: (progress: Progress) => void;
}

/** Limits of one process. What it did not come to is gone on with by the next. */
export interface EvaluationLimits extends SpendingLimits {
  /** No problem is begun after so many minutes. */
  minutes?: number;
}

/** What an evaluation is about to do. */
export interface Begun {
  recording: Recording;
  /** What it costs at the most, if nothing were on the tape. */
  worst: WorstBill;
}

/** How far an evaluation is. */
export interface Progress {
  done: number;
  total: number;
  /** Since this process began, milliseconds. */
  ms: number;
  /** Problems for which a model had to be asked, and how long they took: what the rest can be projected from. */
  fresh: { problems: number; ms: number };
  /** Attempts at calls by this process, and US dollars for them; null where a price is unknown. */
  spent: { calls: number; usd: number | null };
  /** Outcomes so far, by method. */
  outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

/** What an evaluation ends with: everything else is computed from it. */
export interface Evaluation {
  recording: Recording;
  /** Those that were done, in the order given. */
  problems: readonly Pick<Problem, "id" | "about">[];
  /** By method, in the problems' order. */
  outcomes: ReadonlyMap<string, readonly Outcome[]>;
  methods: readonly Method[];
  /** Which limit ended it before all problems were done. */
  stopped?: "minutes" | "budget";
}

/** After so many problems there is something to project from, and a broken set-up shows. */
export const FIRST = 5;

/**
 * Runs methods on problems, sharing draws: what two methods both ask for is asked once. Resumable: draws are on the tape
 * as soon as they are made, and the same call again goes on where it was.
 *
 * @throws CopeError `OPTIONS_INVALID` where there is no problem, or they are of several families; `FAMILY_UNKNOWN`; what
 *   opening models throws, before anything is drawn; `PRICE_UNKNOWN` for a limit in dollars on a model without a price;
 *   `RECORDING_BUSY` where another process records the same; `ALL_CALLS_FAILED` where the first problems got no answer at
 *   all; `BUDGET_TOO_SMALL` where the limits allow for no problem; what no retry mends; the signal's reason. What was drawn
 *   is kept.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { data, tape: file, seed = 0, logprobs = false, signal } = options;
  const family = familyOf(options.problems, options.family);
  const models = await openModels(
    options.methods.flatMap((method) => method.series),
    options,
  );
  const { prices, handles } = models;
  if (options.limits?.usd !== undefined) {
    const unknown = Object.values(handles).find(({ identity }) => !prices.has(identity));
    if (unknown) throw priceUnknown(unknown.identity);
  }
  const wanted = recordingOf({ data, family: family.name, seed, logprobs, ...models });
  const { attempts = ATTEMPTS, limits = {} } = options;
  const tape = openTape(file);
  const store = openDraws(file);
  try {
    const spending = createSpending(tape, { limits, prices, attempts });
    return await alone(file, wanted.id, async (lost) => {
      const stops = anyOf([signal, lost]);
      const recording = store.begin(wanted, options.problems);
      options.onBegin?.({ recording, worst: worstOfMethods(options, { family, ...models }) });
      const given = { tape: spending.tape, family, seed, logprobs };
      const asker = counted(createAsker(models, given, { ...options, signal: stops }), spending);
      const local = new Set(Object.keys(handles).filter((role) => isLocal(handles[role]!.identity.provider)));
      return run(options, { asker, store, recording, local, spending, ...(stops ? { signal: stops } : {}) });
    });
  } finally {
    store.close();
    tape.close();
  }
}

/** Does what no other process may do to the same recording. */
function alone<T>(file: string, recording: string, work: (lost?: AbortSignal) => Promise<T>): Promise<T> {
  if (file === ":memory:") return work();
  const refuse = (owner: string) => busy(file, owner);
  return withLock(`${file}.${recording}.lock`, work, { refuse, lost: () => busy(file, "another process") });
}

/** Tells what every call cost. */
function counted(asker: Asker, spending: Spending): Asker {
  return {
    ...asker,
    async call(request) {
      const outcome = await asker.call(request);
      spending.add(outcome.entries);
      return outcome;
    },
  };
}

type Parts = Omit<Parameters<typeof recordProblems>[1], "methods" | "recording"> & {
  recording: Recording;
  spending: Spending;
};

async function run(options: EvaluateOptions, { spending, recording, ...parts }: Parts): Promise<Evaluation> {
  const { problems, allDraws = false, atOnce = 4, limits = {} } = options;
  const methods = options.methods.filter((method) => !method.complete);
  const later = options.methods.filter((method) => method.complete);
  const spread = allDraws ? options.methods.flatMap((method) => method.variants?.() ?? []) : [];
  const outcomes = new Map<string, Outcome[]>(options.methods.map(({ name }) => [name, []]));
  const record = { ...parts, recording: recording.id };
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  const fresh = { problems: 0, ms: 0 };
  const all: UnderWay[] = [];
  let done = 0;
  let stopped: Evaluation["stopped"];

  while (done < problems.length && !stopped) {
    if (limits.minutes !== undefined && done > 0 && elapsed() >= limits.minutes * 60_000) {
      stopped = "minutes";
      break;
    }
    const upTo = done < FIRST ? Math.min(done + atOnce, FIRST) : done + atOnce;
    const batch = problems.slice(done, upTo).map((problem) => underWay(problem, record));
    const before = { ms: elapsed(), calls: spending.calls() };
    try {
      const ended = await recordProblems(batch, { ...record, methods: [...methods, ...later, ...spread] });
      for (const of of ended) methods.forEach(({ name }, i) => outcomes.get(name)!.push(of[i]!));
    } catch (error) {
      if (!isSpent(error) || done === 0) throw error;
      stopped = "budget";
      break;
    }
    done += batch.length;
    all.push(...batch);
    const ms = elapsed();
    if (spending.calls() > before.calls) {
      fresh.problems += batch.length;
      fresh.ms += ms - before.ms;
    }
    if (done >= Math.min(FIRST, problems.length)) refuseDead(methods, outcomes);
    const spent = { calls: spending.calls(), usd: spending.usd() };
    options.onProgress?.({ done, total: problems.length, ms, fresh: { ...fresh }, spent, outcomes });
  }

  refuseDead(methods, outcomes);
  let made = methods;
  if (later.length > 0) {
    const views = await Promise.all(all.map((one) => one.view()));
    const last = completed(later, { views, outcomes: new Map(methods.map(({ name }) => [name, outcomes.get(name)!])) });
    try {
      const ended = await recordProblems(all, { ...record, methods: last });
      for (const of of ended) last.forEach(({ name }, i) => outcomes.get(name)!.push(of[i]!));
      made = [...methods, ...last];
    } catch (error) {
      if (!isSpent(error)) throw error;
      for (const { name } of later) outcomes.delete(name);
      stopped = "budget";
    }
  }
  const of = problems.slice(0, done).map(({ id, about }) => ({ id, about }));
  return { recording, problems: of, outcomes, methods: made, ...(stopped ? { stopped } : {}) };
}

/** Ends an evaluation in which nothing was ever answered: a server that is down would take hours to say so otherwise. */
function refuseDead(methods: readonly Method[], outcomes: ReadonlyMap<string, readonly Outcome[]>): void {
  const all = methods.flatMap(({ name }) => outcomes.get(name)!);
  if (all.length === 0 || all.some(({ status }) => status !== "failed")) return;
  const why = all.flatMap(({ waves }) => waves.flat().flatMap(({ failed }) => failed ?? [])).at(-1);
  const said = why ? ` The last one: [${why.code}] ${why.message}` : "";
  throw new CopeError("ALL_CALLS_FAILED", `not one call was answered.${said}`, "mend that, then run it again.");
}

const isSpent = (error: unknown): boolean => CopeError.isInstance(error) && error.code === "BUDGET_TOO_SMALL";

function busy(file: string, owner: string): CopeError {
  const reason = `${owner} is recording the same on ${file}.`;
  return new CopeError("RECORDING_BUSY", reason, "wait for it or end it, or record on another tape.");
}

function priceUnknown({ provider, model }: { provider: string; model: string }): CopeError {
  const reason = `a limit in dollars needs prices, and that of ${provider}:${model} is unknown.`;
  return new CopeError(
    "PRICE_UNKNOWN",
    reason,
    `give its price (--price ${provider}:${model}=in,out, or prices in code), or limit calls instead.`,
  );
}

/** Providers whose models compute on this machine. */
const isLocal = (provider: string) =>
  provider === "llama" || provider === "ollama" || /^Chat(Llama|Ollama)$/.test(provider);

function familyOf(problems: readonly Problem[], given: string | AnyFamily | undefined): AnyFamily {
  if (typeof given === "object") return given;
  const names = [...new Set(problems.map(({ family }) => family))];
  if (names.length === 0) throw invalid("there is no problem to solve.", "give a data set that has some.");
  if (names.length > 1 && given === undefined) {
    throw invalid(`the problems are of several families: ${names.join(", ")}.`, "evaluate one family at a time.");
  }
  const name = given ?? names[0]!;
  const make = Object.hasOwn(families, name) ? families[name] : undefined;
  if (make) return make();
  throw new CopeError(
    "FAMILY_UNKNOWN",
    `There is no family named "${name}".`,
    `use ${Object.keys(families).join(", ")}, or pass a family of your own.`,
  );
}

function invalid(reason: string, remedy: string): CopeError {
  return new CopeError("OPTIONS_INVALID", reason, remedy);
}
