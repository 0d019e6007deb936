import { createHash } from "node:crypto";
import { CopeError } from "../errors.js";
import { families } from "../families/index.js";
import type { AnyFamily } from "../families/types.js";
import { canonicalJson } from "../models/request-key.js";
import { openTape } from "../models/tape.js";
import { createRandom, escalationRate } from "./methods/random.js";
import type { Method, Outcome } from "./methods/types.js";
import { openModels, type ModelOptions } from "./models.js";
import type { Problem } from "./problem.js";
import { recordProblems } from "./record.js";
import { openDraws, type Recording } from "./store.js";

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
  /** Told after each batch of problems. */
  onProgress?: (progress: Progress) => void;
}

/** How far an evaluation is. */
export interface Progress {
  done: number;
  total: number;
  /** Since this process began, milliseconds. */
  ms: number;
  /** Outcomes so far, by method. */
  outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

/** What an evaluation ends with: everything else is computed from it. */
export interface Evaluation {
  recording: Recording;
  problems: readonly Pick<Problem, "id" | "about">[];
  /** By method, in the problems' order. */
  outcomes: ReadonlyMap<string, readonly Outcome[]>;
  methods: readonly Method[];
}

/**
 * Runs methods on problems, sharing draws: what two methods both ask for is asked once. Resumable: draws are on the tape
 * as soon as they are made, and the same call again goes on where it was.
 *
 * @throws CopeError `OPTIONS_INVALID` where there is no problem, or they are of several families; `FAMILY_UNKNOWN`; what
 *   opening models throws, before anything is drawn; what no retry mends; the signal's reason. What was drawn is kept.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { data, problems, tape: file, seed = 0, allDraws = false, logprobs = false, atOnce = 4, signal } = options;
  const family = familyOf(problems, options.family);
  const control = options.methods.find(({ name }) => name === "random");
  const methods = options.methods.filter((method) => method !== control);
  const spread = allDraws ? methods.flatMap((method) => method.variants?.() ?? []) : [];
  const series = options.methods.flatMap((method) => method.series);
  const tape = openTape(file);
  const store = openDraws(file);
  try {
    const asker = await openModels({ series, tape, family, seed, logprobs }, options);
    const recording = recordingOf({ data, family, seed, logprobs, handles: asker.handles });
    store.begin(recording, problems);
    const local = new Set(
      Object.entries(asker.handles).flatMap(([role, { identity }]) => (isLocal(identity.provider) ? [role] : [])),
    );
    const record = { asker, store, recording: recording.id, local, ...(signal ? { signal } : {}) };
    const outcomes = new Map<string, Outcome[]>(options.methods.map(({ name }) => [name, []]));
    const began = performance.now();
    for (let first = 0; first < problems.length; first += atOnce) {
      const batch = problems.slice(first, first + atOnce);
      const ended = await recordProblems(batch, { ...record, methods: [...methods, ...spread] });
      for (const of of ended) methods.forEach(({ name }, i) => outcomes.get(name)!.push(of[i]!));
      const ms = performance.now() - began;
      options.onProgress?.({ done: first + batch.length, total: problems.length, ms, outcomes });
    }
    const made = control ? [...methods, await chance(control, methods, outcomes, problems, record)] : methods;
    return { recording, problems: problems.map(({ id, about }) => ({ id, about })), outcomes, methods: made };
  } finally {
    store.close();
    tape.close();
  }
}

/** The control comes last: it hands over as many problems as the cascade did. */
async function chance(
  control: Method,
  methods: readonly Method[],
  outcomes: Map<string, Outcome[]>,
  problems: readonly Problem[],
  record: Omit<Parameters<typeof recordProblems>[1], "methods">,
): Promise<Method> {
  const cascade = methods.find(({ name }) => name.startsWith("cope"));
  const method = cascade ? createRandom({ rate: escalationRate(outcomes.get(cascade.name)!) }) : control;
  const ended = await recordProblems(problems, { ...record, methods: [method] });
  outcomes.set(
    "random",
    ended.map(([outcome]) => outcome!),
  );
  return method;
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

function recordingOf({ data, family, seed, logprobs, handles }: RecordedOf): Recording {
  const models = Object.fromEntries(
    Object.entries(handles).map(([role, { identity }]) => {
      const { provider, model, digest } = identity;
      return [role, { name: `${provider}:${model}`, ...(digest ? { digest } : {}) }];
    }),
  );
  // The pair decides what is recorded together: further roles may join later.
  const { small, large } = models;
  const id = createHash("sha256").update(canonicalJson({ data, family: family.name, small, large, seed, logprobs }));
  return {
    id: id.digest("hex").slice(0, 12),
    version: 1,
    data,
    family: family.name,
    models,
    seed,
    logprobs,
    at: new Date().toISOString(),
  };
}

interface RecordedOf {
  data: string;
  family: AnyFamily;
  seed: number;
  logprobs: boolean;
  handles: Awaited<ReturnType<typeof openModels>>["handles"];
}
